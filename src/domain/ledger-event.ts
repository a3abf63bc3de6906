import type { LedgerRow, RowError } from "./ledger-row.ts";
import type { Memory } from "./memory.ts";

/** The desired state of a memory in LightRAG, as just read from the source. */
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

/** Every event of a row. */
export type LedgerEvent =
  /**
   * The source lists a memory to be delivered, new or with changed content. Nothing is done about it before `notBefore`. `asked`: a person wants
   * it again, so that it surprises nobody.
   */
  | { type: "upsert"; content: MemoryContent; notBefore?: number; asked?: true }
  /** The source lists a memory that is filtered out, new or with changed content. */
  | { type: "skip"; content: MemoryContent; reason: string }
  /** The source lists the memory in another form with the same content; not a change. */
  | { type: "confirm"; sourceHash: string }
  /** The source lists an item that is not a memory. The hash is the item's fingerprint. */
  | { type: "malformed"; contentHash: string; error: RowError }
  /** A complete listing that covers the memory's time did not include it; `at` is when the listing began. */
  | { type: "missing"; at: number }
  /** The source lists the memory again. */
  | { type: "found" }
  /** The source no longer holds the memory, and its document is not to stay. */
  | { type: "vanish" }
  /** The source no longer holds the memory; its document stays. */
  | { type: "tombstone" }
  /** A person had the memory removed everywhere; only its ids are kept, so that it is not ingested again. */
  | { type: "erase" }
  /** The insert request is about to be sent. */
  | { type: "submit"; documentId: string; contentHash: string }
  | { type: "accepted"; documentId: string; trackId: string }
  /** LightRAG reports the document processed with at least one chunk. */
  | { type: "proved"; documentId: string }
  /** LightRAG does not have the document, or the delivery was postponed: submitted again without counting an attempt. */
  | { type: "requeue" }
  /**
   * LightRAG's records contradict the delivery: they have no document of the memory (null), or one that differs from what was sent.
   * The memory is read from the source again.
   */
  | { type: "invalidate"; documentId: string | null }
  /**
   * An old document blocks the insert and is removed first. `error` records a failure that is not attributed yet; no attempt is counted.
   */
  | { type: "replace"; documentId: string; reason: "update" | "retry"; error?: RowError }
  /** LightRAG already holds the desired document, found before an insert or a deletion; its processing is still to be confirmed. */
  | { type: "adopt"; documentId: string; trackId: string; contentHash: string }
  /** LightRAG confirmed that the old document is gone. */
  | { type: "gone" }
  /** An attempt failed and will be retried. */
  | { type: "fail"; error: RowError; nextAttemptAt: number }
  /** The backoff after a failure is over, or is cut short. */
  | { type: "retry" }
  /** Attempts are exhausted, or the error is permanent. */
  | { type: "die"; error: RowError }
  /** A person replays a dead letter. */
  | { type: "replay" }
  /** A person drops a dead letter: what LightRAG may hold of it is removed, and it is ignored until it changes. */
  | { type: "drop" };

export type LedgerEventType = LedgerEvent["type"];

/** What happens to a row. */
export interface Transition {
  row: LedgerRow;
  event: LedgerEvent;
}
