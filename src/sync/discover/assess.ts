import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import type { Prepared } from "../../documents/memory-transformer.ts";
import { isErased } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { factsOf } from "../../domain/memory.ts";
import type { SyncParts } from "../sync-parts.ts";

export type Change = "new" | "changed" | "unchanged";

/** The assessment of a memory that the source shows, for its row. */
export interface Assessment {
  change: Change;
  /** To be stored in the row; null when the memory should be assessed again even if it does not change. */
  sourceHash: string | null;
  /** The memory with its facts, and the document made of it; null when no facts were needed. */
  found: { memory: Memory; prepared: Prepared } | null;
}

export interface AssessParts {
  enrichment: Pick<SyncParts["enrichment"], "sourceHash">;
  enricher: MemoryEnricher;
  transformer: SyncParts["transformer"];
}

/**
 * Compares a memory with its row. An unchanged one costs only a hash; for any other one all facts are found out first. `force`
 * makes a delivered one count as changed. An erased one remains erased.
 */
export async function assess(
  { enrichment, enricher, transformer }: AssessParts,
  { contextId, memory, row, force }: AssessRequest,
  signal: AbortSignal,
): Promise<Assessment> {
  const sourceHash = enrichment.sourceHash(memory);
  if (isErased(row)) return { change: "unchanged", sourceHash, found: null };
  if (row?.sourceHash === sourceHash && !isToBeResent(row, force))
    return { change: "unchanged", sourceHash, found: null };
  const enriched = transformer.chooses(memory) ? await enricher.enrich(contextId, memory, signal) : memory;
  const prepared = transformer.prepare(contextId, enriched, row?.contentHash);
  return {
    change: changeOf(row, prepared.contentHash, force),
    sourceHash: factsOf(enriched).provisional ? null : sourceHash,
    found: { memory: enriched, prepared },
  };
}

export interface AssessRequest {
  contextId: string;
  memory: Memory;
  row: LedgerRow | undefined;
  force: boolean;
}

function changeOf(row: LedgerRow | undefined, contentHash: string, force: boolean): Change {
  if (row === undefined) return "new";
  return isToBeResent(row, force) || row.contentHash !== contentHash ? "changed" : "unchanged";
}

/** Whether the row's memory is to be delivered even if it is unchanged. */
function isToBeResent({ status, groupKey }: LedgerRow, force: boolean): boolean {
  return status === "deleted" || (force && (status === "processed" || groupKey !== null));
}
