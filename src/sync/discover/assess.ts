import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import { sha256 } from "../../documents/fingerprint.ts";
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
  /** The memory is as it was, and a person wants its document in the form of this program. */
  isAsked?: true;
}

export interface AssessParts {
  enrichment: Pick<SyncParts["enrichment"], "sourceHash">;
  enricher: MemoryEnricher;
  transformer: SyncParts["transformer"];
}

/**
 * Compares a memory with its row. An unchanged one costs only a hash; for any other one all facts are found out first. `force`
 * makes a delivered one count as changed, `outdated` one whose document would be written otherwise now. An erased one remains erased.
 */
export async function assess(
  parts: AssessParts,
  request: AssessRequest,
  signal: AbortSignal,
): Promise<Assessment> {
  const { contextId, memory, row, force } = request;
  const sourceHash = await seenHash(parts, contextId, memory, signal);
  const unchanged = { change: "unchanged", sourceHash, found: null } as const;
  if (isErased(row)) return unchanged;
  const isAsSeen = row?.sourceHash === sourceHash;
  if (isAsSeen && !isToBeResent(row, force) && !isToBeRenewed(request)) return unchanged;
  const { enricher, transformer } = parts;
  const enriched = transformer.chooses(memory) ? await enricher.enrich(contextId, memory, signal) : memory;
  const isResent = row !== undefined && isToBeResent(row, force);
  const prepared = transformer.prepare(contextId, enriched, isResent ? null : row?.contentHash);
  const looked: Assessment = {
    change: changeOf(row, prepared.contentHash, force),
    sourceHash: factsOf(enriched).provisional ? null : sourceHash,
    found: { memory: enriched, prepared },
  };
  const isSame = isAsSeen || looked.change === "unchanged";
  if (isResent || !isSame || !isToBeRenewed(request)) return looked;
  return renewed(transformer, request, { memory: enriched, sourceHash }) ?? (isAsSeen ? unchanged : looked);
}

/** The hash of a memory as the source shows it, with what its facts are made of. */
export async function seenHash(
  { enrichment, enricher }: Pick<AssessParts, "enrichment" | "enricher">,
  contextId: string,
  memory: Memory,
  signal: AbortSignal,
): Promise<string> {
  const hash = enrichment.sourceHash(memory);
  const revision = (await enricher.revisionOf?.(contextId, memory, signal)) ?? 0;
  return revision === 0 ? hash : sha256(`${hash} ${revision}`);
}

/**
 * The memory with its document as this program writes it; null where that is the one that is there. What is only written down for the time
 * being is left as it is: it would be sent twice.
 */
function renewed(
  transformer: AssessParts["transformer"],
  { contextId, row }: AssessRequest,
  { memory, sourceHash }: { memory: Memory; sourceHash: string },
): Assessment | null {
  const prepared = transformer.prepare(contextId, memory);
  if (prepared.kind !== "document" || prepared.contentHash === row?.contentHash) return null;
  return factsOf(memory).provisional
    ? null
    : { change: "changed", sourceHash, found: { memory, prepared }, isAsked: true };
}

export interface AssessRequest {
  contextId: string;
  memory: Memory;
  row: LedgerRow | undefined;
  force: boolean;
  outdated?: boolean | undefined;
}

function changeOf(row: LedgerRow | undefined, contentHash: string, force: boolean): Change {
  if (row === undefined) return "new";
  return isToBeResent(row, force) || row.contentHash !== contentHash ? "changed" : "unchanged";
}

/** Whether the row's memory is to be delivered even if it is unchanged. */
function isToBeResent({ status, groupKey }: LedgerRow, force: boolean): boolean {
  return status === "deleted" || (force && (status === "processed" || groupKey !== null));
}

/** Whether the row's memory has a document of its own that is to be in the form of this program. */
function isToBeRenewed({ row, outdated = false }: AssessRequest): boolean {
  return outdated && row?.status === "processed" && row.groupKey === null;
}
