import type { QueryRange } from "./query-range.ts";

export interface RetryPolicy {
  /** Deliveries of one memory before it becomes a dead letter, including the first one. */
  maxAttempts: number;
  initialBackoffMs: number;
  backoffMultiplier: number;
  maxBackoffMs: number;
}

/** Limits of what is sent to LightRAG in one day; null: unlimited. */
export interface DayBudget {
  documents: number | null;
  characters: number | null;
  /** Estimated from the characters. */
  tokens: number | null;
}

/** What happens when the source no longer shows a memory. */
export interface DeletionSettings {
  /** `tombstone`: only recorded in the ledger. `propagate`: its document is removed as well. */
  policy: "ignore" | "tombstone" | "propagate";
  /** Consecutive complete listings that do not show it. */
  graceListings: number;
  /** Time since the first of them began. */
  gracePeriodMs: number;
  /** Removals of more than this share of a list's coverage at once are refused; 100 allows everything. */
  maxPercent: number;
  /** So many removals at once are allowed, whatever their share. */
  alwaysAllowed: number;
}

/** How a run polls the documents in flight; the sink determines the intervals. Milliseconds. */
export interface SinkPolling {
  /** A document whose record has not changed for so long is stuck. */
  stuckAfterMs: number;
  /** The longest polling interval of LightRAG's records while documents are in flight. */
  slowestPollMs: number;
  /** When nothing has changed for so long, LightRAG is asked whether it is processing anything. */
  quietMs: number;
}

/** The timing of a run that is not configurable. Milliseconds. */
export const runTiming = {
  initialBackoffMs: 1_000,
  graceMs: 30_000,
  modelPauseMs: 30_000,
  maxModelPauses: 5,
};

/** How one connector syncs. Durations in milliseconds. */
export interface SyncSettings extends SinkPolling {
  connectorId: string;
  contextIds: readonly string[];
  queryRange: QueryRange | "auto";
  /** How often `auto` lists everything; null: never by itself. */
  fullLookMs: number | null;
  /** A digest of which memories the connector carries and what of them: where it changes, all are looked at again. Empty: everything. */
  wanted: string;
  queryLimit: number;
  /** The most concurrent submissions to LightRAG. */
  concurrency: number;
  /** The most documents that LightRAG has accepted and not finished. */
  maxInFlight: number;
  retry: RetryPolicy;
  /** A run that would send a larger share of the delivered memories again sends nothing and asks for confirmation. */
  maxResendPercent: number;
  deletions: DeletionSettings;
  budget: DayBudget;
  /** A shared document that has so many characters takes no more notes. */
  mergeDocumentCharacters: number;
  /** How long the notes of a shared document are to have come to rest before it is written. */
  mergeQuietMs: number;
  /** The most old memories of a backfill that one run sends. */
  backfillPerRun: number;
  /** IANA name; determines when a day of the budget begins. */
  timezone: string;
  /** How long an accepted document may take to appear in LightRAG's records. */
  graceMs: number;
  /** How long deliveries pause when LightRAG's own model is not available; doubles with each consecutive pause. */
  modelPauseMs: number;
  /** Consecutive pauses, without a processed document, before the run gives up. */
  maxModelPauses: number;
  runTimeoutMs: number;
}
