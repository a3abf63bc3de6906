import { expect, test } from "vitest";
import { hourlyConnector, recordEvents, startedScheduler } from "../../test/support/scheduled-runs.ts";

/** The concurrency limit is one: "a" runs, and "b" is queued. */
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

test("a comparison serves no due time: it is under way and can be cancelled, and the schedule does not know of it", async () => {
  const setting = await startedScheduler({ connectors: [hourlyConnector("a")] });
  const { scheduler, runs, clock } = setting;
  const before = scheduler.status("a").state;
  runs.endAtOnce = false;
  const failed = recordEvents(setting, "schedule:run-failed");
  const runId = scheduler.trigger("a", { reconcile: { repair: true } });
  const { activeRun, state } = scheduler.status("a");
  expect(activeRun?.request).toMatchObject({ runId, wish: { reconcile: { repair: true } } });
  expect(state).toEqual(before);
  expect(() => scheduler.trigger("a")).toThrow(expect.objectContaining({ code: "RUN_ACTIVE" }));
  expect(scheduler.cancel("a")).toBe(runId);
  await clock.advance(0);
  expect(scheduler.status("a")).toMatchObject({ activeRun: null, state: before });
  expect(failed).toEqual([]);
});

test("a run that has ended is told when its connector is free for the next", async () => {
  const setting = await startedScheduler({ connectors: [hourlyConnector("a")] });
  const { scheduler, clock, events } = setting;
  const next: string[] = [];
  events.on("schedule:run-ended", () => {
    if (next.length === 0) next.push(String(scheduler.trigger("a")));
  });
  scheduler.trigger("a");
  await clock.advance(0);
  expect(next).toHaveLength(1);
  expect(scheduler.status("a").state.lastRun?.runId).toBe(next[0]);
});
