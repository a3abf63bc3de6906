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
 * Everything a run tells the world while it works. One map for all listeners: command line, logs, metrics, live API.
 * Events carry no transcript and no secret.
 */
export interface SyncEvents {
  "run:start": OfRun & { trigger: RunRecord["trigger"]; startedAt: number };
  "run:phase": OfRun & { phase: RunPhase };
  /** `total` counts the memories that this run has to deliver as far as it is known, `done` those of them that are settled. */
  "run:progress": OfRun & { phase: RunPhase; counts: Readonly<RunCounts>; done: number; total: number };
  /** Something that a person may want to know and that needs no action of the program. `waitMs`: nothing more is sent for so long. */
  "run:notice": OfRun & { message: string; waitMs?: number };
  /** Today's budget is used up; `waiting` memories are put off to a later run. Told once in a run. */
  "run:budget-spent": OfRun & { waiting: number };
  /** A guard stopped the run before it acted: it would have sent, or deleted, this share (0 to 1) of what the ledger holds. */
  "run:held": OfRun & { reason: "resend" | "deletions"; ratio: number };
  "item:changed": OfItem & { from: LedgerStatus; to: LedgerStatus };
  /** An attempt failed; another follows. */
  "item:failed": OfItem & { error: RowError; attempts: number; nextAttemptAt: number };
  /** The memory became a dead letter. */
  "item:dead": OfItem & { error: RowError };
  "drift:started": OfRun & { trigger: RunRecord["trigger"]; repair: boolean; startedAt: number };
  /** A comparison broke off, or did not come about. */
  "drift:failed": OfRun & { error: RowError };
  /** Ledger, source and LightRAG were compared, and repaired if that was asked for. */
  "drift:checked": { report: DriftReport };
  "run:end": { record: RunRecord };
}

/** What a run tells, without its ids. */
export type RunEvents = {
  [Name in keyof SyncEvents as SyncEvents[Name] extends OfRun ? Name : never]: Omit<
    SyncEvents[Name],
    keyof OfRun
  >;
};

/** Tells the events of one run under its ids. */
export function eventsOfRun(events: Emitter<SyncEvents>, { runId, connectorId }: OfRun): Emitter<RunEvents> {
  const ids = { runId, connectorId };
  return { emit: (name, event) => events.emit(name, { ...event, ...ids } as SyncEvents[typeof name]) };
}
