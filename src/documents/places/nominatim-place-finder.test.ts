import { expect, onTestFinished, test } from "vitest";
import { startGeocoderServer } from "../../../test/support/geocoder-server.ts";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { NominatimPlaceFinder } from "./nominatim-place-finder.ts";

const never = new AbortController().signal;

function makeFinder(url: string, clock = new ManualClock()): NominatimPlaceFinder {
  const finder = new NominatimPlaceFinder({
    url,
    contact: "ops@example.org",
    language: "en",
    requestsPerSecond: 1,
    timeoutMs: 2000,
    clock,
    random: () => 0.5,
  });
  onTestFinished(() => finder.close());
  return finder;
}

test("the answer's address becomes a place, its names on one line each", async () => {
  const { url } = await startGeocoderServer();
  const { place } = await makeFinder(url).find({ lat: 44.05, lon: -123.02 }, never);
  expect(place).toEqual({
    district: "Old Town",
    city: "Springfield",
    region: "Oregon",
    country: "United States",
    distanceKm: null,
  });
});

test("the service learns who asks, in which language and at what level of detail", async () => {
  const server = await startGeocoderServer();
  await makeFinder(`${server.url}/maps/`).find({ lat: 44.05, lon: -123.02 }, never);
  const [{ query, userAgent, language } = { query: new URLSearchParams() }] = server.asked;
  expect(userAgent).toBe("memory-connector (ops@example.org)");
  expect(language).toBe("en");
  expect(Object.fromEntries(query)).toEqual({
    format: "jsonv2",
    lat: "44.05",
    lon: "-123.02",
    zoom: "14",
    addressdetails: "1",
  });
});

test("a point that the service cannot name has no place", async () => {
  const { url } = await startGeocoderServer();
  expect((await makeFinder(url).find({ lat: 0, lon: -30 }, never)).place).toBeNull();
});

test("no more than one request a second leaves", async () => {
  const { url } = await startGeocoderServer();
  const clock = new ManualClock();
  const finder = makeFinder(url, clock);
  for (let i = 0; i < 4; i++) await finder.find({ lat: i, lon: 10 }, never);
  expect(clock.sleeps).toEqual([1000, 1000, 1000]);
});

test.each([500, 403, 429])("an answer %i is GEOCODER_FAILED and names the service", async (status) => {
  const server = await startGeocoderServer();
  server.failWith(status);
  await expect(makeFinder(server.url).find({ lat: 1, lon: 1 }, never)).rejects.toMatchObject({
    code: "GEOCODER_FAILED",
    message: `the geocoder at ${server.url} answered ${status}`,
  });
});

test.each(['{"address": 3}', "[]", "<html>busy</html>"])("the answer %s is GEOCODER_FAILED", async (body) => {
  const { url } = await startHttpServer((_, response) => response.end(body));
  await expect(makeFinder(url).find({ lat: 1, lon: 1 }, never)).rejects.toMatchObject({
    code: "GEOCODER_FAILED",
  });
});

test("a service that stays down is left alone after three failures", async () => {
  const server = await startGeocoderServer();
  server.failWith(503);
  const finder = makeFinder(server.url);
  for (let i = 0; i < 5; i++) await finder.find({ lat: i, lon: 1 }, never).catch(() => {});
  expect(server.asked).toHaveLength(3);
});

test("an aborted question ends at once", async () => {
  const { url } = await startHttpServer(() => {});
  const controller = new AbortController();
  const asking = makeFinder(url).find({ lat: 1, lon: 1 }, controller.signal);
  controller.abort();
  await expect(asking).rejects.toMatchObject({ name: "AbortError" });
});
