import type { Memory } from "../../domain/memory.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ReadingRoom } from "../media/reading-budget.ts";
import type { SourceHash } from "../source-hash.ts";

/**
 * The port for finding out facts about a memory before its document is written. Contract:
 * - `enrich` resolves to the memory with more facts; the one given is not changed.
 * - The same memory gives the same facts, as long as the caches are kept.
 * - Facts that cannot be found out are omitted: a failure to find one never rejects. An abort rejects with an AbortError or
 *   `CANCELLED`.
 * - May be called concurrently.
 */
export interface MemoryEnricher {
  enrich(contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory>;
  /**
   * How often something that a memory's facts were made of was found to be another while the memory was the same, as its media. Left out: never.
   */
  revisionOf?(contextId: string, memory: Memory, signal: AbortSignal): Promise<number>;
}

/** Runs enrichers in sequence; each sees the facts of the previous ones. */
export function chainEnrichers(enrichers: readonly MemoryEnricher[]): MemoryEnricher {
  return {
    async enrich(contextId, memory, signal) {
      let enriched = memory;
      for (const enricher of enrichers) enriched = await enricher.enrich(contextId, enriched, signal);
      return enriched;
    },
    async revisionOf(contextId, memory, signal) {
      let revision = 0;
      for (const enricher of enrichers)
        revision += (await enricher.revisionOf?.(contextId, memory, signal)) ?? 0;
      return revision;
    },
  };
}

/** How a connector finds out facts about its memories before it writes documents. */
export interface Enrichment {
  /** Tells whether a memory has changed since it was last processed. */
  readonly sourceHash: SourceHash;
  /**
   * For one run, with a media budget of its own. `report` is called with what could not be found out. `force` retries unread media at once;
   * media are read for at most `documentsLeft` memories.
   */
  forRun(
    report: (error: ConnectorError) => void,
    options?: { force: boolean; documentsLeft?: () => Promise<number> },
  ): MemoryEnricher;
  /** Calls no service and writes nothing: what is known on this machine is enough for an estimate. */
  forPlan(): MemoryEnricher;
  /** How many media of this memory, as it was enriched, are still to be read by a model. Left out: none. */
  mediaOf?(memory: Memory): number;
  /** How many media the limits of requests would let be read now. Left out: no medium is read. */
  mediaLeft?(): Promise<ReadingRoom>;
  /** Removes what is cached for this memory alone; resolves to the number of cached answers. */
  forget(contextId: string, memoryId: string): Promise<number>;
}
