import type { LedgerRow, RowError } from "./ledger-row.ts";
import type { Memory } from "./memory.ts";

/** What a memory should be in LightRAG, as just read from the source. */
export interface MemoryContent {
  memory: Memory;
  /** See `LedgerRow.contentHash`. */
  contentHash: string;
  /** See `LedgerRow.sourceHash`. */
  sourceHash: string | null;
  /** See `LedgerRow.groupKey`. */
  groupKey: string | null;
  fileSource: string;
}

/** Everything that can happen to a row. */
export type LedgerEvent =
  /** The source shows a memory worth a document, new or with other content than before. */
  | { type: "upsert"; content: MemoryContent }
  /** The source shows a memory that is filtered out, new or with other content than before. */
  | { type: "skip"; content: MemoryContent; reason: string }
  /** The source shows the memory in another form that comes to the same content; counts as no change. */
  | { type: "confirm"; sourceHash: string }
  /** The source shows something that is no memory. The hash is the item's fingerprint. */
  | { type: "malformed"; contentHash: string; error: RowError }
  /** A complete listing that covers the memory's time did not show it; `at` is when it began. */
  | { type: "missing"; at: number }
  /** The source shows the memory again. */
  | { type: "found" }
  /** The source no longer holds the memory, and its document is not to stay. */
  | { type: "vanish" }
  /** The source no longer holds the memory; its document stays. */
  | { type: "tombstone" }
  /** A person wants the memory removed everywhere; only its ids are kept, so that it is not taken up again. */
  | { type: "erase" }
  /** The insert request is about to leave. */
  | { type: "submit"; documentId: string; contentHash: string }
  | { type: "accepted"; documentId: string; trackId: string }
  /** LightRAG reports the document processed with at least one chunk. */
  | { type: "proved"; documentId: string }
  /** LightRAG does not have the document, or the delivery was put off: to be submitted again, no attempt lost. */
  | { type: "requeue" }
  /**
   * LightRAG's records do not bear out that the memory is delivered: they have no document of it (null), or one that is not what was
   * sent. It is to be taken up from the source again.
   */
  | { type: "invalidate"; documentId: string | null }
  /**
   * An old document stands in the way; it is to be removed first. `error` notes a failure that is charged to nobody yet; no attempt
   * is lost.
   */
  | { type: "replace"; documentId: string; reason: "update" | "retry"; error?: RowError }
  /** LightRAG was looked at before a document was sent or removed, and holds what is wanted; it is still to be proved. */
  | { type: "adopt"; documentId: string; trackId: string; contentHash: string }
  /** LightRAG confirmed that the old document is gone. */
  | { type: "gone" }
  /** An attempt failed; another follows. */
  | { type: "fail"; error: RowError; nextAttemptAt: number }
  /** The wait after a failure is over, or is cut short. */
  | { type: "retry" }
  /** Attempts are used up, or the error is permanent. */
  | { type: "die"; error: RowError }
  /** A person wants a dead letter tried again. */
  | { type: "replay" }
  /** A person gives a dead letter up: what LightRAG may hold of it is removed, and it is left alone until it changes. */
  | { type: "drop" };

export type LedgerEventType = LedgerEvent["type"];

/** What happens to a row. */
export interface Transition {
  row: LedgerRow;
  event: LedgerEvent;
}
