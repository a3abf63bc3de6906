import { CachingPlaceFinder } from "../../src/documents/places/caching-place-finder.ts";
import { NominatimPlaceFinder } from "../../src/documents/places/nominatim-place-finder.ts";
import { OfflinePlaceFinder } from "../../src/documents/places/offline-place-finder.ts";
import type { PlaceFinder } from "../../src/documents/places/place-finder.ts";
import { MemoryValueCache } from "../../src/kernel/util/value-cache.ts";
import { badPlaces, startGeocoderServer } from "../support/geocoder-server.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { placeFinderSuite, type StartedPlaceFinder } from "./place-finder-suite.ts";

const offline = new OfflinePlaceFinder();
const asksNobody = { failures: [], neverFails: false };
const asksService = { failures: Object.keys(badPlaces) };

async function service(): Promise<StartedPlaceFinder & { finder: NominatimPlaceFinder }> {
  const server = await startGeocoderServer();
  const pace = { requestsPerSecond: 1000, timeoutMs: 5000, clock: new ManualClock(), random: () => 0 };
  const finder = new NominatimPlaceFinder({
    url: server.url,
    contact: "a@b.example",
    language: "en",
    ...pace,
  });
  const fail = (how: string) => server.answerWith(badPlaces[how] ?? null);
  return { finder, fail, close: () => finder.close() };
}

function steady(finder: PlaceFinder): PlaceFinder {
  const kept = { cache: new MemoryValueCache(), clock: new ManualClock(), retryAfterMs: 1000 };
  return new CachingPlaceFinder({ finder, fallback: offline, ...kept });
}

placeFinderSuite({
  ...asksNobody,
  name: "the offline gazetteer",
  start: async () => ({ finder: offline, close: async () => undefined }),
});

placeFinderSuite({ ...asksService, name: "a Nominatim service", start: service, neverFails: false });

placeFinderSuite({
  ...asksNobody,
  name: "the offline gazetteer, kept",
  start: async () => ({ finder: steady(offline), close: async () => undefined }),
});

placeFinderSuite({
  ...asksService,
  name: "a Nominatim service, kept",
  neverFails: true,
  start: async () => {
    const { finder, ...rest } = await service();
    return { ...rest, finder: steady(finder) };
  },
});
