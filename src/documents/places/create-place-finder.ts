import type { Clock } from "../../kernel/util/clock.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";
import { NominatimPlaceFinder } from "./nominatim-place-finder.ts";
import type { PlaceFinder } from "./place-finder.ts";
import { SteadyPlaceFinder } from "./steady-place-finder.ts";

/** The geocoder's part of a configuration. */
export type GeocoderSettings =
  | { provider: "offline" }
  | {
      provider: "nominatim";
      url: string;
      contact: string;
      language: string;
      requestsPerSecond: number;
      timeoutMs: number;
    };

export interface PlaceFinderParts {
  /** Needs no network; answers where the service cannot. */
  offline: PlaceFinder;
  /** Keeps the service's answers; the names in documents stay as long as it does. */
  cache: ValueCache;
  /** How long a stand-in for a failed answer is kept. Milliseconds. */
  fallbackTtlMs: number;
  clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  random: () => number;
}

/**
 * One finder for a whole program: all connectors share its request rate and its gazetteer. `close` ends the connections to the
 * service.
 */
export function createPlaceFinder(
  settings: GeocoderSettings,
  parts: PlaceFinderParts,
): { finder: PlaceFinder; close(): Promise<void> } {
  const { offline, cache, fallbackTtlMs, clock, random } = parts;
  if (settings.provider === "offline") return { finder: offline, close: async () => {} };
  const service = new NominatimPlaceFinder({ ...settings, clock, random });
  const finder = new SteadyPlaceFinder({
    finder: service,
    fallback: offline,
    cache,
    clock,
    retryAfterMs: fallbackTtlMs,
  });
  return { finder, close: () => service.close() };
}
