import { factsOf, type Memory, withFacts } from "../../domain/memory.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { PlaceFinder } from "../places/place-finder.ts";
import { timeZoneAt } from "../places/time-zone.ts";
import type { MemoryEnricher } from "./memory-enricher.ts";

export interface PlaceEnricherOptions {
  /** Null: places are not named. The time zone is that of the place all the same. */
  finder: PlaceFinder | null;
  /** For memories without a place. */
  timeZone: string | null;
  /** Called with the reason why a place has only a fallback name. */
  report: (error: ConnectorError) => void;
}

/** Finds out where a memory was recorded and which clocks hung there. */
export class PlaceEnricher implements MemoryEnricher {
  readonly #options: PlaceEnricherOptions;

  constructor(options: PlaceEnricherOptions) {
    this.#options = options;
  }

  async enrich(_contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    const { location } = memory;
    const { finder, timeZone, report } = this.#options;
    if (location === null) return withFacts(memory, { timeZone });
    const found = await finder?.find(location, signal);
    if (found?.failure !== undefined) report(found.failure);
    return withFacts(memory, {
      place: found?.place ?? null,
      timeZone: timeZoneAt(location) ?? timeZone,
      provisional: factsOf(memory).provisional || found?.settled === false,
    });
  }
}
