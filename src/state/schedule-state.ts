import type { RunOutcome, RunRecord } from "../domain/run-record.ts";

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

/** What becomes of the state that is stored, null when there is none; null for nothing. Pure, and at once. */
export type ScheduleChange = (stored: ScheduleState | null) => ScheduleState | null;

/** Where the schedule states of all connectors that were ever scheduled are kept, for any number of schedulers. */
export interface ScheduleStore {
  /** By connector id. */
  listSchedules(): Promise<ScheduleState[]>;
  /** Another value once anybody else may have changed them; read it before they are listed. Costs next to nothing. */
  schedulesVersion(): Promise<number>;
  /**
   * Applies each change, by connector id, to what is stored of the connector at that moment: nobody changes it in between. All or nothing.
   * Resolves to what is stored then.
   */
  changeSchedules(changes: ReadonlyMap<string, ScheduleChange>): Promise<ScheduleState[]>;
  /** A connector that is not there is fine. */
  removeSchedule(connectorId: string): Promise<void>;
}
