import { bulkhead } from "cockatiel";
import { z } from "zod";
import type { MemoryLocation } from "../../domain/memory.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { throughGate } from "../../kernel/http/abort.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";
import type { FoundPlace, PlaceFinder } from "./place-finder.ts";

export interface CachingPlaceFinderParts {
  /** May fail, may cost. */
  finder: PlaceFinder;
  /** Never fails; used when the finder cannot answer. */
  fallback: PlaceFinder;
  cache: ValueCache;
  clock: Clock;
  /** How long a fallback result is kept before the finder is tried again. Milliseconds. */
  retryAfterMs: number;
}

const name = z.string().nullable();
const entrySchema = z.object({
  place: z
    .object({ district: name, city: name, region: name, country: name, distanceKm: z.number().nullable() })
    .nullable(),
  /** True for the finder's own answer, which is final. */
  settled: z.boolean(),
  at: z.number(),
});
type Entry = z.infer<typeof entrySchema>;

/** Three decimals, some 100 m: nearby memories share an answer, and the service gets no finer position. */
const decimals = 3;

/**
 * Gives each spot one stable name, because another name would be another text, for which the document would be deleted and indexed again:
 * - An answer of the finder is never requested again and never replaced.
 * - When the finder fails, the fallback's answer is stored and used. After `retryAfterMs` the finder is asked once more; if it
 *   fails again, nothing changes. So a spot changes its name at most once, from the fallback's to the finder's.
 */
export class CachingPlaceFinder implements PlaceFinder {
  readonly identity: string;
  readonly #parts: CachingPlaceFinderParts;
  /** One request at a time, so that concurrent memories of one spot cause a single request. */
  readonly #turn = bulkhead(1, Number.POSITIVE_INFINITY);

  constructor(parts: CachingPlaceFinderParts) {
    this.#parts = parts;
    this.identity = `${parts.finder.identity}, else ${parts.fallback.identity}`;
  }

  async find(location: MemoryLocation, signal: AbortSignal): Promise<FoundPlace> {
    signal.throwIfAborted();
    const spot = { lat: rounded(location.lat), lon: rounded(location.lon) };
    const key = `place/${this.#parts.finder.identity}/${spot.lat},${spot.lon}`;
    const known = await this.#read(key);
    if (known !== null && this.#stands(known)) return known;
    return throughGate(this.#turn, () => this.#settle(key, spot, signal), signal);
  }

  async #settle(key: string, spot: MemoryLocation, signal: AbortSignal): Promise<FoundPlace> {
    const known = await this.#read(key);
    if (known !== null && this.#stands(known)) return known;
    const answer = await this.#ask(spot, known, signal);
    const { place, settled } = answer;
    await this.#parts.cache.put(key, { place, settled, at: this.#parts.clock.now() });
    return answer;
  }

  async #ask(spot: MemoryLocation, known: Entry | null, signal: AbortSignal): Promise<FoundPlace> {
    const { finder, fallback } = this.#parts;
    try {
      const answer = await finder.find(spot, signal);
      return answer.place === null ? await fallback.find(spot, signal) : answer;
    } catch (error) {
      if (!isConnectorError(error, "GEOCODER_FAILED")) throw error;
      const { place } = known ?? (await fallback.find(spot, signal));
      return { place, settled: false, failure: error };
    }
  }

  #stands({ settled, at }: Entry): boolean {
    return settled || this.#parts.clock.now() - at < this.#parts.retryAfterMs;
  }

  async #read(key: string): Promise<Entry | null> {
    return entrySchema.safeParse(await this.#parts.cache.get(key)).data ?? null;
  }
}

/** Adding 0 makes -0 a plain 0. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(decimals)) + 0;
}
