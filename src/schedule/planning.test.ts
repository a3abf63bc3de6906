import { describe, expect, test } from "vitest";
import { cronOf, intervalOf } from "../../test/support/scheduled-runs.ts";
import type { ScheduleState } from "../state/schedule-state.ts";
import { advance, decideDue, firstState, type Moment, recover, revise, setBack } from "./planning.ts";
import type { Schedule } from "./schedule.ts";

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.UTC(2026, 0, 1, 12);
const hourly = cronOf("0 * * * *");
const everyHour = intervalOf(hour);
const manual: Schedule = { type: "manual" };

function firstStateOf(schedule: Schedule, now: number): ScheduleState {
  return firstState({ connectorId: "personal", schedule }, at(now));
}

function at(now: number): Moment {
  return { now, random: () => 0 };
}

function stateOf(schedule: Schedule, given: Partial<ScheduleState> = {}): ScheduleState {
  return { ...firstStateOf(schedule, noon), ...given };
}

const openRun = { runId: "run-1", trigger: "schedule", at: noon } as const;

describe("a connector that is seen for the first time", () => {
  test("is due at once when it has an interval", () => {
    expect(firstStateOf(everyHour, noon).dueAt).toBe(noon);
  });

  test("is due at the next slot when it has a cron expression", () => {
    expect(firstStateOf(hourly, noon + 1).dueAt).toBe(noon + hour);
  });

  test("is never due when it is manual", () => {
    expect(firstStateOf(manual, noon).dueAt).toBeNull();
  });
});

describe("after a restart", () => {
  test("an interval goes on as if nothing had happened", () => {
    const state = stateOf(everyHour, { dueAt: noon + hour, lastDueAt: noon });
    expect(recover(everyHour, state, at(noon + 20 * minute)).dueAt).toBe(noon + hour);
  });

  test("due times that passed are still due, once, and the interval keeps its grid", () => {
    const state = stateOf(everyHour, { dueAt: noon + hour, lastDueAt: noon });
    const late = noon + 5 * hour + 20 * minute;
    const recovered = recover(everyHour, state, at(late));
    expect(recovered.dueAt).toBe(noon + hour);
    expect(decideDue(everyHour, recovered, late, false)).toEqual({ kind: "run", trigger: "catch_up" });
    expect(advance(everyHour, recovered, at(late)).dueAt).toBe(noon + 6 * hour);
  });

  test("due times that passed are skipped when the connector does not catch up", () => {
    const skips = { ...everyHour, catchUp: "skip" } as const;
    const state = stateOf(everyHour, { dueAt: noon + hour });
    expect(decideDue(skips, state, noon + 3 * hour, false)).toEqual({ kind: "skip", reason: "missed" });
  });

  test("a due time that passed a moment ago is served although the connector does not catch up", () => {
    const skips = { ...everyHour, catchUp: "skip" } as const;
    const state = stateOf(everyHour, { dueAt: noon });
    expect(decideDue(skips, state, noon + minute, false)).toEqual({ kind: "run", trigger: "schedule" });
  });

  test.each([
    ["an interval", everyHour],
    ["a manual schedule", manual],
  ])("a run that was cut short is taken up, with %s", (_, schedule) => {
    const state = stateOf(schedule, { dueAt: noon + hour, openRun });
    const recovered = recover(schedule, state, at(noon + minute));
    expect(recovered.dueAt).toBe(noon + minute);
    expect(decideDue(schedule, recovered, noon + minute, false)).toEqual({
      kind: "run",
      trigger: "catch_up",
    });
  });

  test("a run that was cut short is not taken up when the connector does not catch up or is paused", () => {
    const state = stateOf(everyHour, { dueAt: noon + hour, openRun });
    const skips = { ...everyHour, catchUp: "skip" } as const;
    expect(recover(skips, state, at(noon + minute))).toMatchObject({ openRun: null, dueAt: noon + hour });
    const paused = { ...state, pausedAt: noon, dueAt: null };
    expect(recover(everyHour, paused, at(noon + minute))).toMatchObject({ dueAt: null });
  });

  test("a jittered due time is kept, even when its slot has passed", () => {
    const jittered = { ...hourly, jitterMs: 10 * minute };
    const state = stateOf(hourly, { dueAt: noon + 7 * minute, lastDueAt: noon - hour });
    expect(recover(jittered, state, at(noon + 5 * minute)).dueAt).toBe(noon + 7 * minute);
  });

  test("a due time far in the future, left by a clock that was wrong, does not stall the connector", () => {
    const state = stateOf(hourly, { dueAt: noon + 9000 * hour, lastDueAt: noon + 8999 * hour });
    expect(recover(hourly, state, at(noon)).dueAt).toBe(noon + hour);
  });
});

describe("when the schedule changes", () => {
  test("the due time follows the new schedule", () => {
    const state = stateOf(everyHour, { dueAt: noon + hour, lastDueAt: noon });
    const faster = intervalOf(10 * minute);
    expect(revise(faster, state, at(noon + 25 * minute)).dueAt).toBe(noon + 30 * minute);
    expect(revise(manual, state, at(noon + 25 * minute)).dueAt).toBeNull();
  });

  test("something else about the connector leaves its due time alone", () => {
    const state = stateOf(hourly, { dueAt: noon + hour });
    expect(revise({ ...hourly, catchUp: "skip" } as const, state, at(noon + 1))).toEqual(state);
  });

  test("a paused connector stays without a due time", () => {
    const state = stateOf(everyHour, { dueAt: null, pausedAt: noon });
    expect(revise(hourly, state, at(noon)).dueAt).toBeNull();
  });
});

describe("when the wall clock is set back", () => {
  test("an interval goes on in real time: it neither waits longer nor runs again", () => {
    const state = stateOf(everyHour, { dueAt: noon + hour, lastDueAt: noon });
    const after = setBack(everyHour, state, 5 * hour, at(noon - 4 * hour - 20 * minute));
    expect(after.dueAt).toBe(noon - 4 * hour);
    expect(advance(everyHour, after, at(noon - 4 * hour)).dueAt).toBe(noon - 3 * hour);
  });

  test("by an hour, a cron job does not run again what it has run", () => {
    const state = stateOf(hourly, { dueAt: noon + hour, lastDueAt: noon });
    expect(setBack(hourly, state, hour, at(noon - 50 * minute)).dueAt).toBe(noon + hour);
  });

  test("by a day, a cron job follows the new time", () => {
    const state = stateOf(hourly, { dueAt: noon + hour, lastDueAt: noon });
    const yesterday = noon - 24 * hour;
    expect(setBack(hourly, state, 24 * hour, at(yesterday + minute)).dueAt).toBe(yesterday + hour);
  });
});

test("a connector whose last run has not ended is skipped", () => {
  const state = stateOf(everyHour, { openRun });
  expect(decideDue(everyHour, state, noon, true)).toEqual({ kind: "skip", reason: "overlap" });
});
