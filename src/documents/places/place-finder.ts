import type { MemoryLocation } from "../../domain/memory.ts";
import type { Place } from "../../domain/memory-facts.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";

export interface FoundPlace {
  /** Null when there is nothing to name, as on the open sea. */
  place: Place | null;
  /** False: a later call may get a better answer. */
  settled: boolean;
  /** Why this is a fallback: the error of the preferred finder. */
  failure?: ConnectorError;
}

/**
 * The port to a geocoder, which names places. Contract:
 * - `find` throws an error with the code `GEOCODER_FAILED` when it could not find out; a later call may succeed.
 * - An abort rejects with an AbortError or `CANCELLED`.
 */
export interface PlaceFinder {
  /** Distinguishes this finder's answers from those of others in a shared cache. */
  readonly identity: string;
  find(location: MemoryLocation, signal: AbortSignal): Promise<FoundPlace>;
}
