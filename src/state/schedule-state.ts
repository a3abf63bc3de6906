import type { RunOutcome, RunRecord } from "./run-record.ts";

/** A run that was handed out. It stays here until it has ended, so that one that a crash cut short is known afterwards. */
export interface OpenRun {
  runId: string;
  trigger: RunRecord["trigger"];
  /** When it was handed out. */
  at: number;
}

export interface EndedRun {
  runId: string;
  trigger: RunRecord["trigger"];
  endedAt: number;
  outcome: RunOutcome;
}

/** What the scheduler must remember of a connector over a restart. Times are milliseconds since the epoch. */
export interface ScheduleState {
  connectorId: string;
  /** The schedule that `dueAt` was computed for; a changed one is noticed by it. */
  schedule: string;
  /** Due times of an interval lie whole intervals away from here. */
  anchorAt: number;
  /** The next due time; null while paused, and for a schedule that has none. */
  dueAt: number | null;
  /** The last due time that was served or skipped. */
  lastDueAt: number | null;
  pausedAt: number | null;
  /** Due times that passed without a run, because the last run was still at work or by `catch_up: skip`. */
  skipped: number;
  openRun: OpenRun | null;
  lastRun: EndedRun | null;
}

/** Where the schedule states of all connectors that were ever scheduled are kept. */
export interface ScheduleStore {
  /** By connector id. */
  listSchedules(): Promise<ScheduleState[]>;
  /** Inserts or replaces by `connectorId`. All or nothing. */
  saveSchedules(states: readonly ScheduleState[]): Promise<void>;
  /** A connector that is not there is fine. */
  removeSchedule(connectorId: string): Promise<void>;
}
