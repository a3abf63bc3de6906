import type { MemoryLocation } from "../../domain/memory.ts";
import type { Place } from "../../domain/memory-facts.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";

export interface FoundPlace {
  /** Null where there is nothing to name: the open sea, for a service that knows only land. */
  place: Place | null;
  /** False: a better answer may come another time. */
  settled: boolean;
  /** Why this is not the answer of who was asked first. */
  failure?: ConnectorError;
}

/**
 * The port to who knows the names of places. Contract:
 * - `find` throws an error with the code `GEOCODER_FAILED` when it could not find out; another time it may.
 * - An abort rejects with an AbortError or `CANCELLED`.
 */
export interface PlaceFinder {
  /** Tells answers of this finder from those of another one, in a cache that both use. */
  readonly identity: string;
  find(location: MemoryLocation, signal: AbortSignal): Promise<FoundPlace>;
}
