import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { noFacets } from "./facets.ts";
import { historyAfter } from "./history.ts";
import { changesOf } from "./ledger-changes.ts";
import type { LedgerEvent, LedgerEventType } from "./ledger-event.ts";
import type { LedgerKey, LedgerRow, LedgerStatus } from "./ledger-row.ts";

export { isErased } from "./ledger-changes.ts";
export type { LedgerEvent, LedgerEventType, MemoryContent, Transition } from "./ledger-event.ts";

type Moves = Readonly<Partial<Record<LedgerEventType, LedgerStatus>>>;

/** Listing events of a memory of which LightRAG holds nothing. */
const seen = {
  upsert: "pending",
  skip: "skipped",
  malformed: "dead",
  erase: "skipped",
} as const satisfies Moves;

/**
 * Listing events of a memory whose document LightRAG holds or may hold. A malformed item does not touch that document: it is the
 * last good version, and a person has to check the item first.
 */
const seenWithDocument = {
  upsert: "deleting",
  skip: "deleting",
  malformed: "dead",
  vanish: "deleting",
  erase: "deleting",
} as const satisfies Moves;

/** Effects of a complete listing on a row at rest. */
const listed = (status: LedgerStatus) =>
  ({ confirm: status, missing: status, found: status, tombstone: "deleted" }) as const satisfies Moves;

/** Moves of a delivery whose request was, or may have been, sent. */
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
 * The transition table: status × event → next status. What is not here is refused with `LEDGER_TRANSITION`. Three rules go beyond
 * it, see `nextStatus`: a row whose document LightRAG may still hold passes through `deleting` before it becomes `pending`,
 * `skipped` or `deleted`; what follows `gone` depends on why the document was deleted; and a document that is deleted for good is
 * not adopted.
 */
export const transitions: Readonly<Record<LedgerStatus, Moves>> = {
  discovered: { ...seen, vanish: "deleted", tombstone: "deleted" },
  skipped: { ...seen, ...listed("skipped"), vanish: "deleted" },
  pending: {
    ...seen,
    ...listed("pending"),
    vanish: "deleted",
    submit: "submitting",
    adopt: "submitted",
    replace: "deleting",
    fail: "failed",
    die: "dead",
  },
  submitting: { ...underWay, adopt: "submitted", confirm: "submitting" },
  submitted: { ...underWay, confirm: "submitted" },
  // No `replace`: the payload is gone, so only `upsert`, which brings a new one, may lead to another insert.
  processed: { ...seenWithDocument, ...listed("processed"), invalidate: "discovered" },
  failed: { ...seen, ...listed("failed"), vanish: "deleted", retry: "pending", die: "dead" },
  dead: { ...seen, ...listed("dead"), vanish: "deleted", replay: "pending", drop: "skipped" },
  deleting: {
    ...seenWithDocument,
    confirm: "deleting",
    adopt: "submitted",
    gone: "pending",
    fail: "deleting",
    retry: "deleting",
    die: "dead",
  },
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
    groupKey: null,
    fileSource,
    documentId: null,
    trackId: null,
    attempts: 0,
    nextAttemptAt: null,
    error: null,
    skipReason: null,
    deleteReason: null,
    missing: null,
    memoryCreatedAt: null,
    firstSeenAt: now,
    changedAt: now,
    location: null,
    facets: noFacets,
    text: null,
    history: "",
    payload: null,
  };
}

/**
 * The row after the event. Pure: the given row is not modified. Throws `LEDGER_TRANSITION` for a move that is not allowed, and
 * `DEAD_LETTER_EMPTY` for the replay of a dead letter that has nothing to send.
 */
export function applyEvent(row: LedgerRow, event: LedgerEvent, now: number): LedgerRow {
  const status = nextStatus(row, event);
  return {
    ...row,
    changedAt: now,
    ...changesOf(row, event, status),
    history: historyAfter(row, event, now),
    status,
  };
}

function nextStatus(row: LedgerRow, event: LedgerEvent): LedgerStatus {
  const status = transitions[row.status][event.type];
  if (status === undefined) {
    const message = `"${event.type}" cannot happen to a row that is ${row.status}`;
    throw new ConnectorError("LEDGER_TRANSITION", message, { subject: row.memoryId });
  }
  if (event.type === "gone") return afterGone(row);
  if (event.type === "adopt" && row.status === "deleting" && afterGone(row) !== "pending") return "deleting";
  if (event.type === "replay") requireSomethingToDo(row);
  return leavesDocumentBehind(row, event, status) ? "deleting" : status;
}

function afterGone(row: LedgerRow): LedgerStatus {
  if (row.deleteReason === "withdraw") return "skipped";
  return row.deleteReason === "propagate" ? "deleted" : "pending";
}

/** Without a payload, only a deletion can be retried. */
function requireSomethingToDo(row: LedgerRow): void {
  if (row.payload !== null || row.deleteReason !== null) return;
  throw new ConnectorError("DEAD_LETTER_EMPTY", `there is nothing to send for memory "${row.memoryId}"`, {
    subject: row.memoryId,
  });
}

const withoutDocument: readonly LedgerStatus[] = ["pending", "skipped", "deleted"];

const keepsStatus: readonly LedgerEventType[] = ["confirm", "missing", "found"];

function leavesDocumentBehind(row: LedgerRow, event: LedgerEvent, next: LedgerStatus): boolean {
  if (row.documentId === null || !withoutDocument.includes(next)) return false;
  if (event.type === "requeue" || keepsStatus.includes(event.type) || event.type === "tombstone")
    return false;
  // A deletion that failed for good is not retried: it would become the same dead letter again.
  return !(event.type === "drop" && row.deleteReason !== null);
}
