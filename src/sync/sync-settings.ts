import type { QueryRange } from "./query-range.ts";

export interface RetryPolicy {
  /** Deliveries of one memory before it becomes a dead letter, the first one included. */
  maxAttempts: number;
  initialBackoffMs: number;
  backoffMultiplier: number;
  maxBackoffMs: number;
}

/** What may be sent to LightRAG in one day; null: without limit. */
export interface DayBudget {
  documents: number | null;
  characters: number | null;
  /** Estimated from the characters. */
  tokens: number | null;
}

/** What follows when the source does not show a memory any more. */
export interface DeletionSettings {
  /** `tombstone`: the ledger notes it. `propagate`: its document is removed as well. */
  policy: "ignore" | "tombstone" | "propagate";
  /** Complete listings in a row that do not show it. */
  graceListings: number;
  /** Since the first of them began. */
  gracePeriodMs: number;
  /** More of what a list covers removed at once is not believed; 100 believes everything. */
  maxPercent: number;
  /** So many removals at once are believed, whatever part they are. */
  alwaysAllowed: number;
}

/** How a run polls the documents in flight; the sink determines the intervals. Milliseconds. */
export interface SinkPolling {
  /** A document whose record does not change for so long is stuck. */
  stuckAfterMs: number;
  /** The longest polling interval of LightRAG's records while documents are in flight. */
  slowestPollMs: number;
  /** When nothing has moved for so long, LightRAG is asked whether it works at all. */
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
  /** How often `auto` looks at the whole list; null: never by itself. */
  fullLookMs: number | null;
  queryLimit: number;
  /** Memories on their way to LightRAG at the same time. */
  concurrency: number;
  /** Documents that LightRAG has accepted and not finished. */
  maxInFlight: number;
  retry: RetryPolicy;
  /** A run that would send more of the delivered memories again than this, sends nothing and asks. */
  maxResendPercent: number;
  deletions: DeletionSettings;
  budget: DayBudget;
  /** Old memories of a backfill that one run sends at most. */
  backfillPerRun: number;
  /** IANA name; says when a day of the budget begins. */
  timezone: string;
  /** An accepted document may take so long to show up in LightRAG's records. */
  graceMs: number;
  /** How long deliveries rest when LightRAG's own model is not available; doubles while it stays so. */
  modelPauseMs: number;
  /** Pauses in a row, without one document processed, before the run gives up. */
  maxModelPauses: number;
  runTimeoutMs: number;
}
