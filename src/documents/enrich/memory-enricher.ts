import type { Memory } from "../../domain/memory.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { SourceHash } from "../source-hash.ts";

/**
 * The port to what is found out about a memory before it is written down. Contract:
 * - `enrich` resolves to the memory with more facts; the one given is not changed.
 * - The same memory gives the same facts, as long as the caches behind are kept.
 * - What cannot be found out is left out: no failure of one memory's facts rejects. An abort rejects with an AbortError
 *   or `CANCELLED`.
 * - May be called concurrently.
 */
export interface MemoryEnricher {
  enrich(contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory>;
}

/** One enricher after the other; each sees what those before it found out. */
export function chainEnrichers(enrichers: readonly MemoryEnricher[]): MemoryEnricher {
  return {
    async enrich(contextId, memory, signal) {
      let enriched = memory;
      for (const enricher of enrichers) enriched = await enricher.enrich(contextId, enriched, signal);
      return enriched;
    },
  };
}

/** What is found out about the memories of a connector before they are written down. */
export interface Enrichment {
  /** Tells whether a memory needs a look at all. */
  readonly sourceHash: SourceHash;
  /**
   * For one run, whose allowance of media begins with it. `report` hears what could not be found out. `force` tries again at once
   * what could not be read.
   */
  forRun(report: (error: ConnectorError) => void, options?: { force: boolean }): MemoryEnricher;
  /** Asks no service and writes nothing: what is known on this machine is enough for an estimate. */
  forPlan(): MemoryEnricher;
  /** Forgets what is remembered of this memory alone; resolves to how many answers of services that were. */
  forget(contextId: string, memoryId: string): Promise<number>;
}
