import type { RunOutcome, RunRecord } from "../domain/run-record.ts";

/** A dispatched run. It is recorded until it has ended, so that a run interrupted by a crash is known afterwards. */
export interface OpenRun {
  runId: string;
  trigger: RunRecord["trigger"];
  /** When it was dispatched. */
  at: number;
}

export interface EndedRun {
  runId: string;
  trigger: RunRecord["trigger"];
  endedAt: number;
  outcome: RunOutcome;
}

/** The persistent schedule state of a connector. Times are milliseconds since the epoch. */
export interface ScheduleState {
  connectorId: string;
  /** The schedule for which `dueAt` was computed; it reveals a changed one. */
  schedule: string;
  /** Due times of an interval are whole intervals away from this. */
  anchorAt: number;
  /** The next due time; null while paused, and for a schedule that has none. */
  dueAt: number | null;
  /** The last due time that was served or skipped. */
  lastDueAt: number | null;
  pausedAt: number | null;
  /** Why it is paused, in the words of whoever did it; gone on resume. */
  pauseNote?: string;
  /** Due times without a run, because the last run was still active or by `catch_up: skip`. */
  skipped: number;
  openRun: OpenRun | null;
  lastRun: EndedRun | null;
}

/** Maps the stored state (null for none) to the new one; null deletes nothing and stores nothing. Pure and synchronous. */
export type ScheduleChange = (stored: ScheduleState | null) => ScheduleState | null;

/** The schedule states of all connectors that were ever scheduled, shared by any number of schedulers. */
export interface ScheduleStore {
  /** By connector id. */
  listSchedules(): Promise<ScheduleState[]>;
  /** Changes whenever another process may have changed them; to be read before listing. Costs next to nothing. */
  schedulesVersion(): Promise<number>;
  /** Applies each change, by connector id, to the stored state atomically. All or nothing. Resolves to the new states. */
  changeSchedules(changes: ReadonlyMap<string, ScheduleChange>): Promise<ScheduleState[]>;
  /** A connector that is not there is fine. */
  removeSchedule(connectorId: string): Promise<void>;
}
