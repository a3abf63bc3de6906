import type { DriftReport } from "../domain/drift-report.ts";
import type { LedgerStatus, RowError } from "../domain/ledger-row.ts";
import type { RunCounts, RunPhase, RunRecord } from "../domain/run-record.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";

export type { RunPhase };

interface OfRun {
  runId: string;
  connectorId: string;
}

interface OfItem extends OfRun {
  contextId: string;
  memoryId: string;
}

/**
 * The events of a run. One map for all listeners: command line, logs, metrics, live API. Events contain no transcript and no secret.
 */
export interface SyncEvents {
  "run:start": OfRun & { trigger: RunRecord["trigger"]; startedAt: number };
  "run:phase": OfRun & { phase: RunPhase };
  /** `total` counts the memories that this run has to deliver, as far as known; `done` counts the settled ones. */
  "run:progress": OfRun & { phase: RunPhase; counts: Readonly<RunCounts>; done: number; total: number };
  /** Information for people that requires no action by the program. `waitMs`: nothing is sent for so long. */
  "run:notice": OfRun & { message: string; waitMs?: number };
  /** Today's budget is used up; `waiting` memories are deferred to a later run. Emitted once per run. */
  "run:budget-spent": OfRun & { waiting: number };
  /** A guard stopped the run before it acted: it would have sent, or deleted, this share (0 to 1) of the ledger. */
  "run:held": OfRun & { reason: "resend" | "deletions"; ratio: number };
  "item:changed": OfItem & { from: LedgerStatus; to: LedgerStatus };
  /** An attempt failed; another follows. */
  "item:failed": OfItem & { error: RowError; attempts: number; nextAttemptAt: number };
  /** The memory became a dead letter. */
  "item:dead": OfItem & { error: RowError };
  "drift:started": OfRun & { trigger: RunRecord["trigger"]; repair: boolean; startedAt: number };
  /** A comparison failed, or could not begin. */
  "drift:failed": OfRun & { error: RowError };
  /** Ledger, source and LightRAG were compared, and repaired if requested. */
  "drift:checked": { report: DriftReport };
  "run:end": { record: RunRecord };
}

/** The events of a run without its ids. */
export type RunEvents = {
  [Name in keyof SyncEvents as SyncEvents[Name] extends OfRun ? Name : never]: Omit<
    SyncEvents[Name],
    keyof OfRun
  >;
};

/** Emits the events of one run with its ids. */
export function eventsOfRun(events: Emitter<SyncEvents>, { runId, connectorId }: OfRun): Emitter<RunEvents> {
  const ids = { runId, connectorId };
  return { emit: (name, event) => events.emit(name, { ...event, ...ids } as SyncEvents[typeof name]) };
}
