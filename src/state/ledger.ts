import { ConnectorError } from "../errors/connector-error.ts";
import type { Memory } from "../memory/memory.ts";
import type { DeleteReason, LedgerKey, LedgerRow, LedgerStatus, RowError } from "./ledger-row.ts";

/** What a memory should be in LightRAG, as just read from the source. */
export interface WantedContent {
  memory: Memory;
  /** See `LedgerRow.contentHash`. */
  contentHash: string;
  fileSource: string;
}

/** Everything that can happen to a row. */
export type LedgerEvent =
  /** The source shows a memory worth a document, new or with other content than before. */
  | { type: "want"; wanted: WantedContent }
  /** The source shows a memory that is filtered out. */
  | { type: "skip"; wanted: WantedContent; reason: string }
  /** The source shows something that is no memory. */
  | { type: "malformed"; error: RowError }
  /** The insert request is about to leave. */
  | { type: "submit"; documentId: string; contentHash: string }
  | { type: "accepted"; documentId: string; trackId: string }
  /** LightRAG reports the document processed with at least one chunk. */
  | { type: "proved"; documentId: string }
  /** LightRAG does not have the document, or the delivery was put off: to be submitted again, no attempt lost. */
  | { type: "requeue" }
  /** An old document stands in the way; it is to be removed first. */
  | { type: "replace"; documentId: string; reason: DeleteReason }
  /** LightRAG confirmed that the old document is gone. */
  | { type: "gone" }
  /** An attempt failed; another follows. */
  | { type: "fail"; error: RowError; nextAttemptAt: number }
  /** The wait after a failure is over. */
  | { type: "retry" }
  /** Attempts are used up, or the error is permanent. */
  | { type: "die"; error: RowError }
  /** A person wants a dead letter tried again, or given up. */
  | { type: "replay" }
  | { type: "drop" };

type Moves = Partial<Record<LedgerEvent["type"], LedgerStatus>>;

/**
 * The transition table: status × event → next status. What is not here is refused with `LEDGER_TRANSITION`.
 * Two rules go beyond it, see `nextStatus`: a row whose document LightRAG may still hold goes through `deleting` before it
 * becomes anything else, and what follows `gone` depends on why the document was deleted.
 */
export const transitions: Readonly<Record<LedgerStatus, Moves>> = {
  discovered: { want: "pending", skip: "skipped", malformed: "dead" },
  skipped: { want: "pending", skip: "skipped", malformed: "dead" },
  pending: {
    want: "pending",
    skip: "skipped",
    malformed: "dead",
    submit: "submitting",
    replace: "deleting",
    fail: "failed",
    die: "dead",
  },
  submitting: {
    accepted: "submitted",
    proved: "processed",
    requeue: "pending",
    replace: "deleting",
    fail: "failed",
    die: "dead",
  },
  submitted: {
    want: "deleting",
    skip: "deleting",
    accepted: "submitted",
    proved: "processed",
    requeue: "pending",
    replace: "deleting",
    fail: "failed",
    die: "dead",
  },
  processed: { want: "deleting", skip: "deleting", replace: "deleting" },
  failed: {
    want: "pending",
    skip: "skipped",
    malformed: "dead",
    retry: "pending",
    replace: "deleting",
    die: "dead",
  },
  dead: {
    want: "pending",
    skip: "skipped",
    malformed: "dead",
    replay: "pending",
    replace: "deleting",
    drop: "skipped",
  },
  deleting: { want: "deleting", skip: "deleting", gone: "pending", fail: "deleting", die: "dead" },
  deleted: { want: "pending", skip: "skipped", malformed: "dead" },
};

/** A row for a memory that was never seen before. */
export function newRow(key: LedgerKey, fileSource: string, now: number): LedgerRow {
  return {
    ...key,
    status: "discovered",
    version: 0,
    contentHash: null,
    fileSource,
    documentId: null,
    trackId: null,
    attempts: 0,
    nextAttemptAt: null,
    error: null,
    skipReason: null,
    deleteReason: null,
    memoryCreatedAt: null,
    firstSeenAt: now,
    changedAt: now,
    location: null,
    payload: null,
  };
}

/** The row after the event. Pure: the given row is not touched. Throws `LEDGER_TRANSITION` for a move that is not allowed. */
export function applyEvent(row: LedgerRow, event: LedgerEvent, now: number): LedgerRow {
  const status = nextStatus(row, event);
  return { ...row, ...changesOf(row, event, status), status, changedAt: now };
}

function nextStatus(row: LedgerRow, event: LedgerEvent): LedgerStatus {
  const status = transitions[row.status][event.type];
  if (status === undefined) {
    throw new ConnectorError(
      "LEDGER_TRANSITION",
      `"${event.type}" cannot happen to a row that is ${row.status}`,
      {
        subject: row.memoryId,
      },
    );
  }
  if (event.type === "gone") return afterGone(row);
  const leavesDocumentBehind = row.documentId !== null && (row.status === "failed" || row.status === "dead");
  if (leavesDocumentBehind && (status === "pending" || status === "skipped") && event.type !== "drop")
    return "deleting";
  return status;
}

function afterGone(row: LedgerRow): LedgerStatus {
  if (row.deleteReason === "withdraw") return "skipped";
  return row.deleteReason === "propagate" ? "deleted" : "pending";
}

const unsubmitted = { documentId: null, trackId: null } as const;
const untroubled = { attempts: 0, nextAttemptAt: null, error: null } as const;

function changesOf(row: LedgerRow, event: LedgerEvent, status: LedgerStatus): Partial<LedgerRow> {
  switch (event.type) {
    case "want":
      return {
        ...contentOf(event.wanted),
        skipReason: null,
        deleteReason: status === "deleting" ? "update" : null,
      };
    case "skip":
      return {
        ...contentOf(event.wanted),
        payload: null,
        skipReason: event.reason,
        deleteReason: status === "deleting" ? "withdraw" : null,
      };
    case "malformed":
      return { error: event.error, nextAttemptAt: null, payload: null, skipReason: null };
    case "submit":
      return {
        documentId: event.documentId,
        contentHash: event.contentHash,
        trackId: null,
        nextAttemptAt: null,
      };
    case "accepted":
      return { documentId: event.documentId, trackId: event.trackId };
    case "proved":
      return { ...untroubled, documentId: event.documentId, payload: null };
    case "requeue":
      return unsubmitted;
    case "replace":
      return { documentId: event.documentId, trackId: null, nextAttemptAt: null, deleteReason: event.reason };
    case "gone":
      return {
        ...unsubmitted,
        deleteReason: null,
        ...(status === "pending" ? {} : { ...untroubled, payload: null }),
      };
    case "fail":
      return { attempts: row.attempts + 1, nextAttemptAt: event.nextAttemptAt, error: event.error };
    case "retry":
      return { nextAttemptAt: null, ...(status === "deleting" ? { deleteReason: "retry" } : {}) };
    case "die":
      return { attempts: row.attempts + 1, nextAttemptAt: null, error: event.error };
    case "replay":
      return {
        ...untroubled,
        ...(status === "deleting" ? { deleteReason: row.deleteReason ?? "retry" } : {}),
      };
    case "drop":
      return { ...untroubled, skipReason: "dropped", payload: null };
  }
}

function contentOf({ memory, contentHash, fileSource }: WantedContent): Partial<LedgerRow> {
  return {
    ...untroubled,
    contentHash,
    fileSource,
    memoryCreatedAt: Date.parse(memory.createdAt),
    location: memory.location,
    payload: memory,
  };
}
