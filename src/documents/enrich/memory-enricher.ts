import type { Memory } from "../../domain/memory.ts";

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
