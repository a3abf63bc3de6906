import { expect, test } from "vitest";
import type { RunProgress } from "../../domain/run-record.ts";
import { runProgressJson } from "./run-progress-json.ts";

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;

function progress(change: Partial<RunProgress> = {}): RunProgress {
  return {
    phase: "deliver",
    delivery: { total: 100, since: { at: now - minute, done: 20 } },
    waits: null,
    ...change,
  };
}

test("what is left is the ledger's word, and the pace that of the last minute, however old the saved progress is", () => {
  expect(runProgressJson(progress(), 50, now)).toEqual({
    phase: "deliver",
    done: 50,
    left: 50,
    documentsPerMinute: 30,
    secondsLeft: 100,
    waits: null,
  });
  expect(runProgressJson(progress(), 50, now + minute)).toMatchObject({
    documentsPerMinute: 15,
    secondsLeft: 200,
  });
});

test("a run that waits says why and until when, in place of a time left; afterwards no more", () => {
  const waits = { until: now + minute, reason: "the model is out of quota" };
  expect(runProgressJson(progress({ waits }), 50, now)).toMatchObject({
    documentsPerMinute: 30,
    secondsLeft: null,
    waits: { until: "2026-01-01T00:01:00.000Z", reason: waits.reason },
  });
  expect(runProgressJson(progress({ waits }), 50, now + minute).waits).toBeNull();
});

test("a run in which nothing moves has a pace of 0 and no time left", () => {
  expect(runProgressJson(progress(), 80, now)).toMatchObject({ documentsPerMinute: 0, secondsLeft: null });
});

test("what is not known yet is null: all of it before a run has told anything, counts before it delivers, pace at its start", () => {
  expect(new Set(Object.values(runProgressJson(undefined, 50, now)))).toEqual(new Set([null]));
  const reading = progress({ phase: "discover", delivery: null });
  expect(runProgressJson(reading, 50, now)).toMatchObject({ phase: "discover", done: null, left: null });
  const justBegun = progress({ delivery: { total: 100, since: { at: now - 1_000, done: 0 } } });
  expect(runProgressJson(justBegun, 50, now)).toMatchObject({ done: 50, documentsPerMinute: null });
});

test("a clock that was set back, or memories that came meanwhile, never make a number negative", () => {
  expect(runProgressJson(progress(), 50, now - 2 * minute)).toMatchObject({ documentsPerMinute: null });
  expect(runProgressJson(progress(), 120, now)).toMatchObject({ done: 0, documentsPerMinute: 0 });
});
