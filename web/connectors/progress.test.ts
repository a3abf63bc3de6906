import { expect, test } from "vitest";
import type { ActiveRun } from "./connector.ts";
import { advanced } from "./progress.ts";

const activeRun = { runId: "r", phase: "deliver", done: 10, left: 30, documentsPerMinute: 2 } as ActiveRun;
const standing = {
  activeRun,
  inFlight: 5,
  memories: { processed: 110, submitted: 5, pending: 25, dead: 1 },
};
const progress = (done: number, runId = "r") => ({
  data: { runId, phase: "deliver", done, total: 40, perSecond: 1, secondsLeft: 20 },
});

test("what a run has settled is on its way no more: its numbers and the others agree at once", () => {
  const after = advanced(standing, progress(18));
  expect(after.activeRun).toMatchObject({ done: 18, left: 22 });
  expect(after.memories).toEqual({ processed: 118, submitted: 0, pending: 22, dead: 1 });
  expect(after.inFlight).toBe(0);
});

test("an event of another run, or one that comes late, moves nothing", () => {
  expect(advanced(standing, progress(18, "other"))).toEqual(standing);
  expect(advanced(standing, progress(8)).memories).toEqual(standing.memories);
  expect(advanced({ ...standing, activeRun: null }, progress(18)).memories).toEqual(standing.memories);
});
