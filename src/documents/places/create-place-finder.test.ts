import { expect, onTestFinished, test, vi } from "vitest";
import { startGeocoderServer } from "../../../test/support/geocoder-server.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { createPlaceFinder, type GeocoderSettings } from "./create-place-finder.ts";
import { OfflinePlaceFinder } from "./offline-place-finder.ts";

/** The gazetteer takes a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const never = new AbortController().signal;
const mumbai = { lat: 19.07609, lon: 72.877426 };

function makeFinder(settings: GeocoderSettings) {
  const clock = new ManualClock();
  const { finder, close } = createPlaceFinder(settings, {
    offline: new OfflinePlaceFinder(),
    cache: new MemoryValueCache(),
    fallbackTtlMs: 60_000,
    clock,
    random: () => 0.5,
  });
  onTestFinished(close);
  return { finder, clock };
}

test("the provider offline needs no service", async () => {
  const { finder } = makeFinder({ provider: "offline" });
  expect(await finder.find(mumbai, never)).toMatchObject({ place: { city: "Mumbai" } });
});

test("the provider nominatim asks the service, and the gazetteer for as long as configured when that fails", async () => {
  const server = await startGeocoderServer();
  const service = { url: server.url, contact: "me", language: "en", requestsPerSecond: 100, timeoutMs: 2000 };
  const { finder, clock } = makeFinder({ provider: "nominatim", ...service });
  server.failWith(500);
  expect(await finder.find(mumbai, never)).toMatchObject({
    place: { city: "Mumbai" },
    failure: { code: "GEOCODER_FAILED" },
  });
  server.failWith(null);
  expect(await finder.find(mumbai, never)).toMatchObject({ place: { city: "Mumbai" } });
  clock.advance(60_000);
  expect(await finder.find(mumbai, never)).toMatchObject({ place: { city: "Springfield" } });
});
