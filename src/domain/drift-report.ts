import type { RowError } from "./ledger-row.ts";
import type { RunRecord, RunScope } from "./run-record.ts";

/**
 * Ways in which ledger, source and LightRAG differ:
 * - `missing`    delivered by the ledger, and LightRAG does not have it
 * - `failed`     delivered by the ledger, and LightRAG's record says failed, or has no chunk
 * - `changed`    LightRAG has another text than would be sent
 * - `forgotten`  in LightRAG and at the source, and the ledger does not know it
 * - `orphaned`   in LightRAG under a name of ours, with neither a memory nor a row that wants it there
 * - `unsent`     new or changed at the source, or on its way: the next run would go on with it
 * - `vanished`   delivered by the ledger, and the source does not show it; `on_delete` says what follows
 */
export const driftKinds = [
  "missing",
  "failed",
  "changed",
  "forgotten",
  "orphaned",
  "unsent",
  "vanished",
] as const;
export type DriftKind = (typeof driftKinds)[number];

export interface DriftGroup {
  count: number;
  /** Up to 5 ids of memories; of orphaned documents, their names. */
  examples: readonly string[];
}

export type Drift = Readonly<Record<DriftKind, DriftGroup>>;

/** What one check, with or without repair, has found. Times are milliseconds since the epoch. */
export interface DriftReport {
  /** Of the comparison, and of the run of its repair. */
  runId: string;
  connectorId: string;
  startedAt: number;
  endedAt: number;
  /** Documents in LightRAG under names of the connector's memories. */
  documents: number;
  /** Rows of the ledger that say delivered. */
  delivered: number;
  /** Memories that the source shows. */
  memories: number;
  /** Why the source's list is not complete; null when it is. Nothing counts as vanished or orphaned then. */
  truncated: string | null;
  drift: Drift;
  queryRange: RunScope["queryRange"];
  /** Memories of the source that lie outside of `queryRange` and are not delivered. Neither drift nor repaired. */
  outside: number;
  /** Null when nothing was to be repaired. */
  repair: DriftRepair | null;
}

export interface DriftRepair {
  /** The run that delivered again what was missing; null when none was needed. */
  run: RunRecord | null;
  /** Orphaned documents that LightRAG's records prove gone. */
  removed: number;
  /** Why orphaned documents were left alone; null when none were. */
  held: string | null;
  /** What a second check found. */
  remaining: Drift;
}

/** Whether the three agree. What the source does not show any more is the business of `on_delete`. */
export function isInStep(drift: Drift): boolean {
  return driftKinds.every((kind) => kind === "vanished" || drift[kind].count === 0);
}

export const reconciliationOutcomes = ["running", "success", "failed", "cancelled", "interrupted"] as const;

/** One comparison, from its beginning. Times are milliseconds since the epoch. */
export interface ReconciliationRecord {
  runId: string;
  trigger: RunRecord["trigger"];
  repair: boolean;
  startedAt: number;
  /** Null while it is under way. */
  endedAt: number | null;
  /** One whose process has died stays `running` until a service starts, or the next one begins. */
  outcome: (typeof reconciliationOutcomes)[number];
  error: RowError | null;
}
