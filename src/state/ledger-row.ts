import type { ErrorCode } from "../errors/codes.ts";
import type { Memory, MemoryLocation } from "../memory/memory.ts";

/** Where a memory stands. See docs/architecture.md for the diagram; `ledger.ts` holds the transitions. */
export const ledgerStatuses = [
  "discovered",
  "skipped",
  "pending",
  "submitting",
  "submitted",
  "processed",
  "failed",
  "dead",
  "deleting",
  "deleted",
] as const;
export type LedgerStatus = (typeof ledgerStatuses)[number];

/** Work that a run still has to do something about. */
export const unfinishedStatuses: readonly LedgerStatus[] = [
  "discovered",
  "pending",
  "submitting",
  "submitted",
  "failed",
  "deleting",
];

export interface LedgerKey {
  connectorId: string;
  contextId: string;
  memoryId: string;
}

/** What follows once LightRAG confirms that the old document is gone. */
export type DeleteReason =
  /** The memory changed, or LightRAG held another text under its name: insert the new text. */
  | "update"
  /** The document failed in LightRAG and blocks its name: insert again. */
  | "retry"
  /** The memory became one that is skipped: nothing follows. */
  | "withdraw"
  /** The memory is gone at the source: nothing follows. */
  | "propagate";

export interface RowError {
  code: ErrorCode;
  message: string;
  hint: string;
}

/** One row of the ledger: what is known of one memory. All times are milliseconds since the epoch. */
export interface LedgerRow extends LedgerKey {
  status: LedgerStatus;
  /** 0 for a row that was never saved; each save adds 1. A save with another version than the stored one is refused. */
  version: number;
  /** SHA-256 (hex) of the document text wanted in LightRAG; of the memory itself when it is skipped; null when malformed. */
  contentHash: string | null;
  fileSource: string;
  documentId: string | null;
  trackId: string | null;
  /** Deliveries that failed since the content last changed. */
  attempts: number;
  nextAttemptAt: number | null;
  error: RowError | null;
  skipReason: string | null;
  deleteReason: DeleteReason | null;
  /** The memory's own time; null when it is malformed. */
  memoryCreatedAt: number | null;
  firstSeenAt: number;
  changedAt: number;
  location: MemoryLocation | null;
  /** Kept until the memory is processed, so that a retry needs no second fetch. */
  payload: Memory | null;
}
