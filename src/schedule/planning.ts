import type { ScheduleState } from "../state/schedule-state.ts";
import {
  catchesUp,
  describeSchedule,
  jitterOf,
  nextDue,
  nextSlot,
  type Schedule,
  type ScheduledConnector,
} from "./schedule.ts";

/** The inputs of planning: the wall clock in milliseconds since the epoch, and a random source in [0, 1). */
export interface Moment {
  now: number;
  random: () => number;
}

/** A due time served later than this was missed: the process was down, or the machine was suspended. Milliseconds. */
const missedAfterMs = 60_000;

/**
 * As in cron(8): when the wall clock is set back by less than this, past runs are not repeated. Set back by more, it was wrong
 * before, and the new time applies. Milliseconds.
 */
const smallCorrectionMs = 3 * 60 * 60 * 1000;

export type SkipReason = "overlap" | "missed" | "paused" | "removed";

export type MisfireDecision =
  | { kind: "run"; trigger: "schedule" | "catch_up" }
  | { kind: "skip"; reason: "overlap" | "missed" };

/** The state of a new connector. An interval is due immediately, then after whole intervals. */
export function firstState(
  { connectorId, schedule }: ScheduledConnector,
  { now, random }: Moment,
): ScheduleState {
  return {
    connectorId,
    schedule: describeSchedule(schedule),
    anchorAt: now,
    dueAt: nextDue(schedule, now, now - 1, random),
    lastDueAt: null,
    pausedAt: null,
    skipped: 0,
    openRun: null,
    lastRun: null,
  };
}

/**
 * Recovers the state of an earlier process. A due time in the past is kept for `decideDue`; an interrupted run makes the connector
 * due immediately, unless it must not catch up.
 */
export function recover(schedule: Schedule, stored: ScheduleState, moment: Moment): ScheduleState {
  const resumes = stored.openRun !== null && stored.pausedAt === null && catchesUp(schedule);
  if (!resumes) return revise(schedule, { ...stored, openRun: null }, moment);
  const planned = revise(schedule, stored, moment);
  return { ...planned, dueAt: Math.min(planned.dueAt ?? moment.now, moment.now) };
}

/**
 * Plans again when the schedule changed or the wall clock was set back. A due time in the past stays due; one as near as the
 * schedule allows is kept, jitter included.
 */
export function revise(schedule: Schedule, state: ScheduleState, moment: Moment): ScheduleState {
  const revised = { ...state, schedule: describeSchedule(schedule) };
  if (state.pausedAt !== null) return { ...revised, dueAt: null };
  const after = servedUntil(schedule, state, moment.now);
  if (keepsDue(schedule, state, after, moment.now)) return revised;
  return { ...revised, dueAt: nextDue(schedule, state.anchorAt, after, moment.random) };
}

/** Plans the next due time after one was served or skipped. Those that passed meanwhile are not caught up. */
export function advance(schedule: Schedule, state: ScheduleState, moment: Moment): ScheduleState {
  const after = Math.max(moment.now, state.dueAt ?? moment.now);
  return {
    ...state,
    lastDueAt: state.dueAt,
    dueAt: nextDue(schedule, state.anchorAt, after, moment.random),
  };
}

/** The wall clock was set back by `byMs`. An interval continues in real time, a cron schedule follows the wall clock. */
export function setBack(
  schedule: Schedule,
  state: ScheduleState,
  byMs: number,
  moment: Moment,
): ScheduleState {
  if (schedule.type !== "interval") return revise(schedule, state, moment);
  return {
    ...state,
    anchorAt: state.anchorAt - byMs,
    dueAt: state.dueAt === null ? null : state.dueAt - byMs,
    lastDueAt: state.lastDueAt === null ? null : state.lastDueAt - byMs,
  };
}

/** What to do with a due connector. `busy`: its last run has not ended. */
export function decideDue(
  schedule: Schedule,
  state: ScheduleState,
  now: number,
  busy: boolean,
): MisfireDecision {
  if (busy) return { kind: "skip", reason: "overlap" };
  const late = now - (state.dueAt ?? now) > missedAfterMs;
  if (late && !catchesUp(schedule)) return { kind: "skip", reason: "missed" };
  const wasCutShort = state.openRun !== null;
  return { kind: "run", trigger: late || wasCutShort ? "catch_up" : "schedule" };
}

/**
 * Whether the schedule can have this due time. One beyond its next slot, jitter included, was written with a wrong clock and could
 * be years away. Not decidable if it was planned by another schedule.
 */
export function isPlausible(schedule: Schedule, state: ScheduleState, now: number): boolean {
  if (state.dueAt === null || state.dueAt <= now || state.schedule !== describeSchedule(schedule))
    return true;
  return keepsDue(schedule, state, servedUntil(schedule, state, now), now);
}

function keepsDue(schedule: Schedule, state: ScheduleState, after: number, now: number): boolean {
  if (state.dueAt === null || schedule.type === "manual") return false;
  if (state.dueAt <= now) return true;
  if (state.schedule !== describeSchedule(schedule)) return false;
  const slot = nextSlot(schedule, state.anchorAt, after);
  return slot !== null && state.dueAt <= slot + jitterOf(schedule);
}

function servedUntil(schedule: Schedule, { lastDueAt }: ScheduleState, now: number): number {
  if (schedule.type !== "cron" || lastDueAt === null) return now;
  const aheadMs = lastDueAt - now;
  return aheadMs > 0 && aheadMs <= smallCorrectionMs ? lastDueAt : now;
}
