import { beginningOf, facetsOf, noFacets } from "./facets.ts";
import type { LedgerEvent, MemoryContent } from "./ledger-event.ts";
import { type DeleteReason, isGroup, type LedgerRow, type LedgerStatus, type Missing } from "./ledger-row.ts";

const erased = "erased";

/** Whether the memory was erased on request: the row prevents its return. */
export function isErased(row: LedgerRow | undefined): boolean {
  return row?.skipReason === erased;
}

/** The row's further fate does not change the erasure request. */
function erasedStays(row: LedgerRow): string | null {
  return isErased(row) ? erased : null;
}

const unsubmitted = { documentId: null, trackId: null } as const;
const untroubled = { attempts: 0, nextAttemptAt: null, error: null } as const;

/** What was kept to find the memory by. Where and when it was stays known. */
const withoutWords = { facets: noFacets, text: null } as const;
const withoutContent = { ...untroubled, payload: null, missing: null } as const;
/** The document of a group represents its notes and has no group that it could leave. */
const ungrouped = (row: LedgerRow) => (isGroup(row) ? {} : { groupKey: null });
const withoutTrace = {
  contentHash: null,
  sourceHash: null,
  memoryCreatedAt: null,
  location: null,
} as const;

/** The changes that an event makes to its row, besides the status. */
export function changesOf(row: LedgerRow, event: LedgerEvent, status: LedgerStatus): Partial<LedgerRow> {
  const whileDeleting = (reason: DeleteReason) => (status === "deleting" ? reason : null);
  switch (event.type) {
    case "upsert":
      return {
        ...contentOf(event.content),
        nextAttemptAt: event.notBefore ?? null,
        skipReason: null,
        deleteReason: whileDeleting("update"),
      };
    case "skip":
      return {
        ...contentOf(event.content),
        ...(event.content.groupKey === null && { payload: null, ...withoutWords }),
        skipReason: event.reason,
        deleteReason: whileDeleting("withdraw"),
      };
    case "confirm":
      return { sourceHash: event.sourceHash, changedAt: row.changedAt };
    case "malformed":
      return {
        ...untroubled,
        ...ungrouped(row),
        contentHash: event.contentHash,
        sourceHash: null,
        error: event.error,
        payload: null,
        skipReason: null,
        deleteReason: null,
        missing: null,
      };
    case "missing":
      return { missing: onceMore(row.missing, event.at), changedAt: row.changedAt };
    case "found":
      return { missing: null, changedAt: row.changedAt };
    case "invalidate":
      return { documentId: event.documentId, trackId: null, contentHash: null, sourceHash: null };
    case "vanish":
      return {
        ...withoutContent,
        ...withoutWords,
        ...ungrouped(row),
        skipReason: erasedStays(row),
        deleteReason: whileDeleting("propagate"),
      };
    case "tombstone":
      return {
        ...withoutContent,
        payload: keptForGroup(row),
        skipReason: erasedStays(row),
        deleteReason: null,
      };
    case "erase":
      return {
        ...withoutContent,
        ...withoutWords,
        ...ungrouped(row),
        ...withoutTrace,
        skipReason: erased,
        deleteReason: whileDeleting("withdraw"),
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
      return { ...untroubled, documentId: event.documentId, payload: null, missing: null };
    case "requeue":
      return unsubmitted;
    case "replace":
      return {
        documentId: event.documentId,
        trackId: null,
        deleteReason: event.reason,
        ...(event.error === undefined ? {} : { error: event.error }),
      };
    case "adopt":
      return status === "deleting" ? {} : adopted(event);
    case "gone":
      return { ...unsubmitted, ...afterDeletion(row, status), deleteReason: null };
    case "fail":
      return {
        attempts: row.attempts + 1,
        nextAttemptAt: Math.round(event.nextAttemptAt),
        error: event.error,
      };
    case "retry":
      return { nextAttemptAt: null, deleteReason: whileDeleting(row.deleteReason ?? "retry") };
    case "die":
      return { attempts: attemptsAtDeath(row), nextAttemptAt: null, error: event.error };
    case "replay":
      return { ...untroubled, deleteReason: whileDeleting(row.deleteReason ?? "retry") };
    case "drop":
      return {
        ...untroubled,
        ...ungrouped(row),
        payload: null,
        ...withoutWords,
        skipReason: erasedStays(row) ?? "dropped",
        deleteReason: whileDeleting("withdraw"),
      };
  }
}

function adopted({ documentId, trackId, contentHash }: LedgerEvent & { type: "adopt" }): Partial<LedgerRow> {
  return { documentId, trackId, contentHash, nextAttemptAt: null, deleteReason: null };
}

function onceMore(missing: Missing | null, at: number): Missing {
  return { since: missing?.since ?? at, listings: (missing?.listings ?? 0) + 1 };
}

/** Failed deliveries keep counting after a deletion that only served to repeat the delivery. */
function afterDeletion(row: LedgerRow, status: LedgerStatus): Partial<LedgerRow> {
  if (status !== "pending") return { ...untroubled, payload: keptForGroup(row) };
  return row.deleteReason === "retry" ? { nextAttemptAt: null } : untroubled;
}

/** The notes from which a group's document is rendered. */
function keptForGroup(row: LedgerRow): LedgerRow["payload"] {
  return row.groupKey === null ? null : row.payload;
}

/** The failure of a row in backoff is counted already. */
function attemptsAtDeath(row: LedgerRow): number {
  return row.status === "failed" ? row.attempts : row.attempts + 1;
}

function contentOf({
  memory,
  contentHash,
  sourceHash,
  groupKey,
  fileSource,
}: MemoryContent): Partial<LedgerRow> {
  return {
    ...untroubled,
    missing: null,
    contentHash,
    sourceHash,
    groupKey,
    fileSource,
    memoryCreatedAt: Date.parse(memory.createdAt),
    location: memory.location,
    facets: facetsOf(memory),
    text: beginningOf(memory),
    payload: memory,
  };
}
