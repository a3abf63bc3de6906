import type { LimiterOf } from "../../kernel/http/token-bucket.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";
import { CachingPlaceFinder } from "./caching-place-finder.ts";
import { NominatimPlaceFinder } from "./nominatim-place-finder.ts";
import type { PlaceFinder } from "./place-finder.ts";

/** The settings of the geocoder. */
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
  /** Needs no network; answers when the service cannot. */
  offline: PlaceFinder;
  /** Stores the service's answers; the names in documents are stable as long as the cache is kept. */
  cache: ValueCache;
  /** How long the fallback for a failed answer is kept. Milliseconds. */
  fallbackTtlMs: number;
  clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  random: () => number;
  /** What limits requests to a server; left out, the finder limits its own. */
  limiterOf?: LimiterOf | undefined;
}

/**
 * Creates one finder for the whole program: all connectors share its request rate and its gazetteer. `close` ends the connections
 * to the service.
 */
export function createPlaceFinder(
  settings: GeocoderSettings,
  parts: PlaceFinderParts,
): { finder: PlaceFinder; close(): Promise<void> } {
  const { offline, cache, fallbackTtlMs, clock, random, limiterOf } = parts;
  if (settings.provider === "offline") return { finder: offline, close: async () => {} };
  const service = new NominatimPlaceFinder({ ...settings, clock, random, limiterOf });
  const finder = new CachingPlaceFinder({
    finder: service,
    fallback: offline,
    cache,
    clock,
    retryAfterMs: fallbackTtlMs,
  });
  return { finder, close: () => service.close() };
}
