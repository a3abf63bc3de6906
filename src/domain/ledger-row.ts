import type { ErrorCode } from "../kernel/errors/codes.ts";
import type { Facets } from "./facets.ts";
import type { Memory, MemoryLocation } from "./memory.ts";

/** The delivery state of a memory. See docs/architecture.md for the diagram; `ledger.ts` holds the transitions. */
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

/** Rows with work left for a run. */
export const unfinishedStatuses: readonly LedgerStatus[] = [
  "discovered",
  "pending",
  "submitting",
  "submitted",
  "failed",
  "deleting",
];

/** How many rows have work left, of these counts. */
export function unfinishedIn(rows: Readonly<Record<LedgerStatus, number>>): number {
  return unfinishedStatuses.reduce((sum, status) => sum + rows[status], 0);
}

/** Why a skipped memory is checked again: what it lacks may arrive late. */
export const waitingReasons = ["empty_transcript", "pending_media"] as const;
export type WaitingReason = (typeof waitingReasons)[number];

export interface LedgerKey {
  connectorId: string;
  contextId: string;
  memoryId: string;
}

/** Why a document is deleted, which decides what follows once LightRAG confirms the deletion. */
export type DeleteReason =
  /** The memory changed, or LightRAG held another text under its name: insert the new text. */
  | "update"
  /** The document failed in LightRAG and blocks its name: insert again. */
  | "retry"
  /** The memory became one that is skipped: nothing follows. */
  | "withdraw"
  /** The memory was deleted at the source and its document follows: nothing else follows. */
  | "propagate";

/** Consecutive complete listings that covered a memory's time and did not include it. */
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

/** One row of the ledger: the state of one memory. All times are whole milliseconds since the epoch. */
export interface LedgerRow extends LedgerKey {
  status: LedgerStatus;
  /** 0 for a row that was never saved; each save adds 1. A save with another version than the stored one is refused. */
  version: number;
  /**
   * SHA-256 (hex) of what the source last listed: of the document text to deliver, of the memory itself when it is skipped, of the
   * item when it is malformed. Null before the first listing and once it is erased. Equal hash: nothing to do.
   */
  contentHash: string | null;
  /**
   * See `SourceHash`: while the source lists the memory with this hash, there is nothing to enrich and nothing to render. Null: the
   * memory is enriched when the source lists it next.
   */
  sourceHash: string | null;
  /**
   * The group whose document holds this note; the note itself is `skipped` and keeps its payload, from which the document is written
   * again when another note of the group changes. On the row of the group's document its own `memoryId`.
   */
  groupKey: string | null;
  /** Name of its own document. A note of a group has none, unless one is still to be removed. */
  fileSource: string;
  /**
   * Id of the document that LightRAG holds, or may hold because an insert was in flight; null when it is known to hold none. While
   * it is set, only `gone` and `requeue` (LightRAG was asked) lead to a new insert. A `deleted` row with an id is a tombstone: the
   * memory was deleted at the source, its document stays.
   */
  documentId: string | null;
  trackId: string | null;
  /** Deliveries and deletions that failed since the content last changed. */
  attempts: number;
  /** Set while `failed`, and while `deleting` after a failed deletion; also on a row that waits for more changes, see `isGathering`. */
  nextAttemptAt: number | null;
  /** Why the row is dead or failed; kept through the next attempt, until it succeeds. */
  error: RowError | null;
  /** Set while `skipped`, and while `deleting` on the way there; "erased" is permanent. */
  skipReason: string | null;
  /** Set while `deleting`, and while `dead` when it was the deletion that failed for good. */
  deleteReason: DeleteReason | null;
  /** Null while the source lists the memory, or was not asked for it. */
  missing: Missing | null;
  /** The memory's own time; null when it was never well-formed, or is erased. */
  memoryCreatedAt: number | null;
  firstSeenAt: number;
  changedAt: number;
  location: MemoryLocation | null;
  facets: Facets;
  /** The beginning of its words, as far as the state keeps any; null once the memory is gone. */
  text: string | null;
  /** The steps that led here; see `history.ts`. */
  history: string;
  /** What to deliver; null when there is nothing. Kept until it is processed, so that a retry needs no second fetch. */
  payload: Memory | null;
}

/** Whether the row is that of a group's document which waits until its notes have come to rest. */
export function isGathering({ status, attempts, nextAttemptAt, error, ...key }: LedgerRow): boolean {
  const isUnsent = status === "pending" || status === "deleting";
  return isUnsent && isGroup(key) && nextAttemptAt !== null && attempts === 0 && error === null;
}

/** Whether the row is that of a group's document and not of a memory of the source. */
export function isGroup({ groupKey, memoryId }: Pick<LedgerRow, "groupKey" | "memoryId">): boolean {
  return groupKey === memoryId;
}
