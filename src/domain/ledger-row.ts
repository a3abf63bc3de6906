import type { ErrorCode } from "../kernel/errors/codes.ts";
import type { Memory, MemoryLocation } from "./memory.ts";

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

/** Why a skipped memory is looked for again: what it lacks may come late. */
export const waitingReasons = ["empty_transcript", "pending_media"] as const;
export type WaitingReason = (typeof waitingReasons)[number];

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
  /** The memory is gone at the source and its document is to go with it: nothing follows. */
  | "propagate";

/** Complete listings in a row that covered a memory's time and did not show it. */
export interface Missing {
  /** When the first of them began. */
  since: number;
  listings: number;
}

export interface RowError {
  code: ErrorCode;
  message: string;
  hint: string;
}

/** One row of the ledger: what is known of one memory. All times are whole milliseconds since the epoch. */
export interface LedgerRow extends LedgerKey {
  status: LedgerStatus;
  /** 0 for a row that was never saved; each save adds 1. A save with another version than the stored one is refused. */
  version: number;
  /**
   * SHA-256 (hex) of what the source last showed: of the document text wanted in LightRAG, of the memory itself when it is skipped,
   * of the item when it is malformed. Null before the first look and once it is erased. Equal hash: nothing to do.
   */
  contentHash: string | null;
  /**
   * See `SourceHash`: while the source shows a memory with this hash there is nothing to find out and nothing to write.
   * Null: the memory is to be looked into when the source shows it next.
   */
  sourceHash: string | null;
  /**
   * The group whose document holds this note; the note itself is `skipped` and keeps its payload, from which the document is written
   * again when another note of the group changes. On the row of the group's document its own `memoryId`.
   */
  groupKey: string | null;
  /** Of a document of its own. A note of a group has none, unless one is still to be removed. */
  fileSource: string;
  /**
   * Of the document that LightRAG holds, or may hold because an insert was on its way; null when it is known to hold none.
   * As long as it is set, only `gone` and `requeue` (LightRAG was asked) lead to a new insert. A `deleted` row that has it is a
   * tombstone: the memory is gone at the source, its document stays.
   */
  documentId: string | null;
  trackId: string | null;
  /** Deliveries and deletions that failed since the content last changed. */
  attempts: number;
  /** Set while `failed`, and while `deleting` after a failed deletion. */
  nextAttemptAt: number | null;
  /** Why the row is dead or failed; kept through the next attempt, until it succeeds. */
  error: RowError | null;
  /** Set while `skipped`, and while `deleting` on the way there; "erased" stays whatever becomes of the row. */
  skipReason: string | null;
  /** Set while `deleting`, and while `dead` when it was the deletion that failed for good. */
  deleteReason: DeleteReason | null;
  /** Null while the source shows the memory, or was not asked for it. */
  missing: Missing | null;
  /** The memory's own time; null when it was never well-formed, or is erased. */
  memoryCreatedAt: number | null;
  firstSeenAt: number;
  changedAt: number;
  location: MemoryLocation | null;
  /** What to deliver; null when there is nothing to deliver. Kept until it is processed, so that a retry needs no second fetch. */
  payload: Memory | null;
}

/** Whether the row is that of a group's document, and not of a memory of the source. */
export function isGroup({ groupKey, memoryId }: Pick<LedgerRow, "groupKey" | "memoryId">): boolean {
  return groupKey === memoryId;
}
