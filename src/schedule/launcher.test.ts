import { expect, test } from "vitest";
import { hourlyConnector, recordEvents, startedScheduler } from "../../test/support/scheduled-runs.ts";

/** One run may be under way: "a" has it, so that "b" waits for its turn. */
async function oneAtATime() {
  const connectors = [hourlyConnector("a"), hourlyConnector("b")];
  const setting = await startedScheduler({ connectors, hold: true, maxConcurrentConnectors: 1 });
  setting.runs.end("a");
  await setting.clock.advance(0);
  setting.runs.end("b");
  await setting.clock.advance(0);
  setting.scheduler.trigger("a");
  return setting;
}

test("a pause spares the run that a person asked for, though it has not begun", async () => {
  const setting = await oneAtATime();
  const { scheduler, runs, clock } = setting;
  const skips = recordEvents(setting, "schedule:skip");
  const runId = scheduler.trigger("b");
  await scheduler.pause("b");
  runs.end("a");
  await clock.advance(0);
  expect(skips).toEqual([]);
  expect(scheduler.status("b").activeRun?.request.runId).toBe(runId);
  runs.end("b");
  await clock.advance(0);
  expect(scheduler.status("b").state.lastRun).toMatchObject({ runId, trigger: "api" });
});

test("a pause gives up a run of the schedule that has not begun, and so does a removal with any run", async () => {
  const setting = await oneAtATime();
  const { scheduler, clock } = setting;
  const skips = recordEvents(setting, "schedule:skip");
  await clock.advance(3_600_000);
  expect(scheduler.status("b").activeRun?.startedAt).toBeNull();
  await scheduler.pause("b");
  expect(scheduler.status("b").activeRun).toBeNull();
  scheduler.trigger("b");
  await scheduler.remove("b");
  expect(skips.filter(({ connectorId }) => connectorId === "b").map(({ reason }) => reason)).toEqual([
    "paused",
    "removed",
  ]);
});
