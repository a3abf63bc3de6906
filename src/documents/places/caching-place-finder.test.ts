import { expect, onTestFinished, test, vi } from "vitest";
import { type GeocoderServer, startGeocoderServer } from "../../../test/support/geocoder-server.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { MemoryValueCache, type ValueCache } from "../../kernel/util/value-cache.ts";
import { CachingPlaceFinder } from "./caching-place-finder.ts";
import { NominatimPlaceFinder } from "./nominatim-place-finder.ts";
import { OfflinePlaceFinder } from "./offline-place-finder.ts";

/** The gazetteer takes a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const never = new AbortController().signal;
const offline = new OfflinePlaceFinder();
const mumbai = { lat: 19.07609, lon: 72.877426 };
const hour = 3_600_000;

async function makeFinder(cache: ValueCache = new MemoryValueCache(), running?: GeocoderServer) {
  const server = running ?? (await startGeocoderServer());
  const clock = new ManualClock();
  const failures: ConnectorError[] = [];
  const http = new NominatimPlaceFinder({
    url: server.url,
    contact: "ops@example.org",
    language: "en",
    requestsPerSecond: 1000,
    timeoutMs: 2000,
    clock,
    random: () => 0.5,
  });
  onTestFinished(() => http.close());
  const finder = new CachingPlaceFinder({
    finder: http,
    fallback: offline,
    cache,
    clock,
    retryAfterMs: hour,
  });
  const cityAt = async (location = mumbai) => {
    const { place, failure } = await finder.find(location, never);
    if (failure !== undefined) failures.push(failure);
    return place?.city;
  };
  return { server, clock, cityAt, failures, finder };
}

test("a spot is asked about once, however many memories come from it at once and later", async () => {
  const { server, cityAt } = await makeFinder();
  const near = { lat: mumbai.lat + 0.0001, lon: mumbai.lon };
  expect(await Promise.all([cityAt(), cityAt(near), cityAt()])).toEqual(Array(3).fill("Springfield"));
  expect(await cityAt()).toBe("Springfield");
  expect(server.asked).toHaveLength(1);
});

test("the service is told the spot only to three decimals", async () => {
  const { server, cityAt } = await makeFinder();
  await cityAt({ lat: 19.0760912, lon: -0.00001 });
  expect(server.asked[0]?.query.get("lat")).toBe("19.076");
  expect(server.asked[0]?.query.get("lon")).toBe("0");
});

test("an answer outlives a restart, and a failing service afterwards changes nothing", async () => {
  const cache = new MemoryValueCache();
  const before = await makeFinder(cache);
  await before.cityAt();
  before.server.failWith(500);
  const after = await makeFinder(new MemoryValueCache(JSON.parse(JSON.stringify(cache))), before.server);
  after.clock.advance(1000 * hour);
  expect(await after.cityAt()).toBe("Springfield");
});

test("while the service fails the gazetteer answers, the same each time, and the first answer says why", async () => {
  const { server, cityAt, failures } = await makeFinder();
  server.failWith(400);
  expect([await cityAt(), await cityAt(), await cityAt()]).toEqual(["Mumbai", "Mumbai", "Mumbai"]);
  expect(server.asked).toHaveLength(1);
  expect(failures.map(({ code }) => code)).toEqual(["GEOCODER_FAILED"]);
});

test("a stand-in says that a better answer may come, the service's own answer does not", async () => {
  const { server, clock, finder } = await makeFinder();
  server.failWith(500);
  expect(await finder.find(mumbai, never)).toMatchObject({ settled: false });
  expect(await finder.find(mumbai, never)).toMatchObject({ settled: false });
  server.failWith(null);
  clock.advance(hour);
  expect(await finder.find(mumbai, never)).toMatchObject({ settled: true });
});

test("a service that fails and recovers by turns changes a spot's name once and never back", async () => {
  const { server, clock, cityAt } = await makeFinder();
  const names: (string | null | undefined)[] = [];
  for (const status of [500, 500, null, 500, null, 500]) {
    server.failWith(status);
    names.push(await cityAt(), await cityAt());
    clock.advance(2 * hour);
  }
  expect(names).toEqual([...Array(4).fill("Mumbai"), ...Array(8).fill("Springfield")]);
});

test("answers of another service are not taken for this one's", async () => {
  const cache = new MemoryValueCache();
  await (await makeFinder(cache)).cityAt();
  const other = await makeFinder(cache);
  await other.cityAt();
  expect(other.server.asked).toHaveLength(1);
});

test("where the service knows no name the gazetteer says what is near, for good", async () => {
  const { server, clock, cityAt } = await makeFinder();
  server.answerWith({ status: 200, body: '{"error":"Unable to geocode"}' });
  expect(await cityAt()).toBe("Mumbai");
  clock.advance(1000 * hour);
  server.answerWith(null);
  expect(await cityAt()).toBe("Mumbai");
  expect(server.asked).toHaveLength(1);
});

test("a cache entry of another shape is as good as none", async () => {
  const cache: ValueCache = {
    get: async () => ({ place: "Mumbai" }),
    put: async () => {},
    removeBeginning: async () => [],
  };
  const { cityAt } = await makeFinder(cache);
  expect(await cityAt()).toBe("Springfield");
});
