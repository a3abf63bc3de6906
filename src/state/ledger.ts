import { ConnectorError } from "../errors/connector-error.ts";
import type { LedgerEvent, LedgerEventType, WantedContent } from "./ledger-event.ts";
import type { LedgerKey, LedgerRow, LedgerStatus } from "./ledger-row.ts";

export type { LedgerEvent, LedgerEventType, WantedContent } from "./ledger-event.ts";

type Moves = Readonly<Partial<Record<LedgerEventType, LedgerStatus>>>;

/** What the source shows of a memory that LightRAG holds nothing of. */
const seen = { want: "pending", skip: "skipped", malformed: "dead" } as const satisfies Moves;

/**
 * What the source shows of a memory whose document LightRAG holds or may hold. A malformed item leaves that document alone: it is
 * the last good version, and a person has to look at the item first.
 */
const seenWithDocument = {
  want: "deleting",
  skip: "deleting",
  malformed: "dead",
  vanish: "deleting",
} as const satisfies Moves;

/** How a delivery whose request has left, or may have left, goes on. */
const underWay = {
  ...seenWithDocument,
  accepted: "submitted",
  proved: "processed",
  requeue: "pending",
  replace: "deleting",
  fail: "failed",
  die: "dead",
} as const satisfies Moves;

/**
 * The transition table: status × event → next status. What is not here is refused with `LEDGER_TRANSITION`.
 * Two rules go beyond it, see `nextStatus`: a row whose document LightRAG may still hold goes through `deleting` before it
 * becomes `pending`, `skipped` or `deleted`, and what follows `gone` depends on why the document was deleted.
 */
export const transitions: Readonly<Record<LedgerStatus, Moves>> = {
  discovered: { ...seen, vanish: "deleted" },
  skipped: { ...seen, confirm: "skipped", vanish: "deleted" },
  pending: {
    ...seen,
    confirm: "pending",
    vanish: "deleted",
    submit: "submitting",
    replace: "deleting",
    fail: "failed",
    die: "dead",
  },
  submitting: { ...underWay, confirm: "submitting" },
  submitted: { ...underWay, confirm: "submitted" },
  // No `replace`: the payload is gone, so only `want`, which brings a new one, may lead to another insert.
  processed: { ...seenWithDocument, confirm: "processed" },
  failed: { ...seen, confirm: "failed", vanish: "deleted", retry: "pending", die: "dead" },
  dead: { ...seen, confirm: "dead", vanish: "deleted", replay: "pending", drop: "skipped" },
  deleting: { ...seenWithDocument, confirm: "deleting", gone: "pending", fail: "deleting", die: "dead" },
  deleted: seen,
};

/** A row for a memory that was never seen before. */
export function newRow(key: LedgerKey, fileSource: string, now: number): LedgerRow {
  return {
    ...key,
    status: "discovered",
    version: 0,
    contentHash: null,
    sourceHash: null,
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

/**
 * The row after the event. Pure: the given row is not touched. Throws `LEDGER_TRANSITION` for a move that is not allowed, and
 * `DEAD_LETTER_EMPTY` for the replay of a dead letter that has nothing to send.
 */
export function applyEvent(row: LedgerRow, event: LedgerEvent, now: number): LedgerRow {
  const status = nextStatus(row, event);
  return { ...row, changedAt: now, ...changesOf(row, event, status), status };
}

function nextStatus(row: LedgerRow, event: LedgerEvent): LedgerStatus {
  const status = transitions[row.status][event.type];
  if (status === undefined) {
    const message = `"${event.type}" cannot happen to a row that is ${row.status}`;
    throw new ConnectorError("LEDGER_TRANSITION", message, { subject: row.memoryId });
  }
  if (event.type === "gone") return afterGone(row);
  if (event.type === "replay") requireSomethingToDo(row);
  return leavesDocumentBehind(row, event, status) ? "deleting" : status;
}

function afterGone(row: LedgerRow): LedgerStatus {
  if (row.deleteReason === "withdraw") return "skipped";
  return row.deleteReason === "propagate" ? "deleted" : "pending";
}

/** Without a payload only a deletion can be repeated. */
function requireSomethingToDo(row: LedgerRow): void {
  if (row.payload !== null || row.deleteReason !== null) return;
  throw new ConnectorError("DEAD_LETTER_EMPTY", `there is nothing to send for memory "${row.memoryId}"`, {
    subject: row.memoryId,
  });
}

const withoutDocument: readonly LedgerStatus[] = ["pending", "skipped", "deleted"];

function leavesDocumentBehind(row: LedgerRow, event: LedgerEvent, next: LedgerStatus): boolean {
  if (row.documentId === null || !withoutDocument.includes(next)) return false;
  if (event.type === "requeue" || event.type === "confirm") return false;
  // A deletion that failed for good is given up as it is: trying it again would make the same dead letter again.
  return !(event.type === "drop" && row.deleteReason !== null);
}

const unsubmitted = { documentId: null, trackId: null } as const;
const untroubled = { attempts: 0, nextAttemptAt: null, error: null } as const;

function changesOf(row: LedgerRow, event: LedgerEvent, status: LedgerStatus): Partial<LedgerRow> {
  const deleting = status === "deleting";
  switch (event.type) {
    case "want":
      return { ...contentOf(event.wanted), skipReason: null, deleteReason: deleting ? "update" : null };
    case "skip":
      return {
        ...contentOf(event.wanted),
        payload: null,
        skipReason: event.reason,
        deleteReason: deleting ? "withdraw" : null,
      };
    case "confirm":
      return { sourceHash: event.sourceHash, changedAt: row.changedAt };
    case "malformed":
      return {
        ...untroubled,
        contentHash: event.contentHash,
        sourceHash: null,
        error: event.error,
        payload: null,
        skipReason: null,
        deleteReason: null,
      };
    case "vanish":
      return {
        ...untroubled,
        payload: null,
        skipReason: null,
        deleteReason: deleting ? "propagate" : null,
      };
    case "submit":
      return {
        documentId: event.documentId,
        contentHash: event.contentHash,
        trackId: null,
      };
    case "accepted":
      return { documentId: event.documentId, trackId: event.trackId };
    case "proved":
      return { ...untroubled, documentId: event.documentId, payload: null };
    case "requeue":
      return unsubmitted;
    case "replace":
      return { documentId: event.documentId, trackId: null, deleteReason: event.reason };
    case "gone":
      return { ...unsubmitted, ...afterDeletion(row, status), deleteReason: null };
    case "fail":
      return {
        attempts: row.attempts + 1,
        nextAttemptAt: Math.round(event.nextAttemptAt),
        error: event.error,
      };
    case "retry":
      return { nextAttemptAt: null, deleteReason: deleting ? "retry" : null };
    case "die":
      return { attempts: attemptsAtDeath(row), nextAttemptAt: null, error: event.error };
    case "replay":
      return { ...untroubled, deleteReason: deleting ? (row.deleteReason ?? "retry") : null };
    case "drop":
      return {
        ...untroubled,
        payload: null,
        skipReason: "dropped",
        deleteReason: deleting ? "withdraw" : null,
      };
  }
}

/** Failed deliveries count on after a deletion that was only there to repeat the delivery. */
function afterDeletion(row: LedgerRow, status: LedgerStatus): Partial<LedgerRow> {
  if (status !== "pending") return { ...untroubled, payload: null };
  return row.deleteReason === "retry" ? { nextAttemptAt: null } : untroubled;
}

/** A row that waits after a failure has that failure counted already. */
function attemptsAtDeath(row: LedgerRow): number {
  return row.status === "failed" ? row.attempts : row.attempts + 1;
}

function contentOf({ memory, contentHash, sourceHash, fileSource }: WantedContent): Partial<LedgerRow> {
  return {
    ...untroubled,
    contentHash,
    sourceHash,
    fileSource,
    memoryCreatedAt: Date.parse(memory.createdAt),
    location: memory.location,
    payload: memory,
  };
}
