import { expect, test } from "vitest";
import { startGeocoderServer } from "../support/geocoder-server.ts";
import { harbour, startRichWorld } from "../support/rich-world.ts";

/** Memories of places some kilometres apart. */
const memoriesAt = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...harbour,
    id: `m${index}`,
    location_lat: 19 + index / 10,
  }));

async function startGeocodedWorld(
  geocoder: Record<string, unknown> = {},
  caching: Record<string, unknown> = {},
) {
  const service = await startGeocoderServer();
  const block = { provider: "nominatim", url: service.url, contact: "ops@example.org", ...geocoder };
  const config = { geocoder: block, advanced: { performance: caching } };
  return { ...(await startRichWorld({}, { config })), service };
}

const quickly = { requests_per_second: 1000, timeout: "2s" };

test("the service hears who asks, is asked once a second at most, and never again about a place that it has named", async () => {
  const world = await startGeocodedWorld();
  world.put(...memoriesAt(3));
  const begun = performance.now();
  expect(await world.sync()).toMatchObject({ outcome: "success", counts: { processed: 3 } });
  const { asked } = world.service;
  expect(asked.map(({ userAgent }) => userAgent)).toEqual(
    Array(3).fill("memory-connector (ops@example.org)"),
  );
  expect((asked.at(-1)?.at ?? 0) - begun).toBeGreaterThan(1950);
  for (const text of world.sink.texts().values()) {
    expect(text).toContain(" utc+05:30, Old Town, Springfield, Oregon, United States [");
  }
  // Another process, another transcript, the same place.
  world.put(...memoriesAt(3).map((memory) => ({ ...memory, transcript: "Back again." })));
  expect(await world.sync()).toMatchObject({ counts: { changed: 3, processed: 3 } });
  expect(asked).toHaveLength(3);
});

test("a failing service costs the better names and nothing else, and each document is written again at most once", async () => {
  const world = await startGeocodedWorld(quickly, { cache_ttl_seconds: 0 });
  world.put(harbour);
  world.service.failWith(500);
  const first = await world.sync();
  expect(first).toMatchObject({ code: 0, outcome: "success", counts: { processed: 1 } });
  expect(first.errors).toMatchObject([{ code: "GEOCODER_FAILED", count: 1 }]);
  expect(world.sink.texts().get("harbour@CTX.md")).toContain(", near Mumbai, Maharashtra, India");
  expect(await world.sync()).toMatchObject({ counts: { unchanged: 1, submitted: 0 } });
  world.service.failWith(null);
  expect(await world.sync()).toMatchObject({ counts: { changed: 1, processed: 1 }, errors: [] });
  expect(world.sink.texts().get("harbour@CTX.md")).toContain(", Old Town, Springfield");
  world.service.failWith(500);
  expect(await world.sync()).toMatchObject({ counts: { unchanged: 1, submitted: 0 }, errors: [] });
});

test("a service that is down is not asked for each memory", async () => {
  const world = await startGeocodedWorld(quickly);
  world.put(...memoriesAt(30));
  world.service.failWith(503);
  expect(await world.sync()).toMatchObject({ outcome: "success", counts: { processed: 30 } });
  expect(world.service.asked.length).toBeLessThan(10);
});

test("without caching answers last as long as the process", async () => {
  const world = await startGeocodedWorld(quickly, { enable_caching: false });
  world.put(harbour, { ...harbour, id: "again" });
  await world.sync();
  expect(world.service.asked).toHaveLength(1);
  world.put({ ...harbour, transcript: "Another day." });
  await world.sync();
  expect(world.service.asked).toHaveLength(2);
});
