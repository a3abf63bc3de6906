import { describe, expect, test } from "vitest";
import {
  hourlyConnector,
  recordEvents,
  startedScheduler,
  stopAtOnce,
  testScheduler,
} from "../../test/support/scheduled-runs.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("restarts", () => {
  test("neither reset an interval nor move it", async () => {
    const { scheduler, clock, store } = await startedScheduler();
    await clock.advance(40 * minute);
    await scheduler.stop();
    const { runs } = await startedScheduler({ store, clock });
    await clock.advance(hour + 30 * minute);
    expect(runs.started).toEqual(["13:00:00 a schedule", "14:00:00 a schedule"]);
  });

  test("make up once for all due times that passed", async () => {
    const { scheduler, clock, store } = await startedScheduler();
    await scheduler.stop();
    await clock.advance(5 * hour + 10 * minute);
    const { runs } = await startedScheduler({ store, clock });
    await clock.advance(hour);
    expect(runs.started).toEqual(["17:10:00 a catch_up", "18:00:00 a schedule"]);
  });

  test("take up what a crash cut short and what had waited for its turn", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b")];
    const crashed = await startedScheduler({ connectors, hold: true, maxConcurrentConnectors: 1 });
    await crashed.clock.advance(minute);
    const { runs } = await startedScheduler({ connectors, store: crashed.store, clock: crashed.clock });
    expect(runs.started).toEqual(["12:01:00 a catch_up", "12:01:00 b catch_up"]);
  });

  test("take up what a shutdown cut short, not what a person cancelled", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b")];
    const first = await startedScheduler({ connectors, hold: true });
    first.scheduler.cancel("b");
    await stopAtOnce(first);
    const { runs } = await startedScheduler({ connectors, store: first.store, clock: first.clock });
    expect(runs.started).toEqual(["12:00:00 a catch_up"]);
  });
});

describe("stopping", () => {
  test("waits for runs that are under way, and starts no other", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b")];
    const { scheduler, runs, clock } = await startedScheduler({
      connectors,
      hold: true,
      maxConcurrentConnectors: 1,
    });
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    await clock.advance(2 * hour);
    expect(stopped).toBe(false);
    expect(() => scheduler.trigger("b")).toThrow(expect.objectContaining({ code: "SCHEDULER_STOPPED" }));
    runs.end("a");
    await stopping;
    expect(runs.started).toEqual(["12:00:00 a schedule"]);
    expect(scheduler.vitals()).toEqual({ alive: false, running: 0, queued: 0 });
  });

  test("a second time cancels them", async () => {
    const { scheduler } = await startedScheduler({ hold: true });
    const first = scheduler.stop();
    await Promise.all([scheduler.stop(), scheduler.stop(), first]);
    expect(scheduler.vitals().running).toBe(0);
  });
});

describe("a clock that is set", () => {
  test("forward makes up once for what was jumped over", async () => {
    const setting = await startedScheduler();
    const { runs, clock } = setting;
    const jumps = recordEvents(setting, "schedule:clock-jump");
    clock.setWallClock(clock.now() + 5 * hour + 10 * minute);
    await clock.advance(10_000);
    expect(runs.started).toHaveLength(2);
    expect(runs.started.at(-1)).toMatch(/^17:10:0\d a catch_up$/);
    expect(jumps).toEqual([{ byMs: 5 * hour + 10 * minute }]);
  });

  test("back neither stalls an interval nor runs it again", async () => {
    const { runs, clock } = await startedScheduler();
    await clock.advance(20 * minute);
    clock.setWallClock(clock.now() - 10 * 24 * hour);
    await clock.advance(40 * minute);
    await clock.advance(hour);
    expect(runs.started).toEqual(["12:00:00 a schedule", "13:00:00 a schedule", "14:00:00 a schedule"]);
  });

  test("by a second or less is nobody's business", async () => {
    const setting = await startedScheduler();
    const jumps = recordEvents(setting, "schedule:clock-jump");
    setting.clock.setWallClock(setting.clock.now() + 900);
    await setting.clock.advance(10_000);
    expect(jumps).toEqual([]);
  });
});

describe("a store that cannot be written", () => {
  test("is told once, does not stop the schedule, and is written when it can be", async () => {
    const setting = await startedScheduler();
    const { runs, clock, store } = setting;
    const failures = recordEvents(setting, "schedule:store-failed");
    store.failure = new ConnectorError("STATE_DISK_FULL", "the disk is full");
    await clock.advance(2 * hour);
    expect(runs.started).toHaveLength(3);
    expect(failures).toMatchObject([{ error: { code: "STATE_DISK_FULL" } }]);
    store.failure = null;
    await clock.advance(5000);
    expect(store.states.get("a")?.lastRun?.runId).toBe("run-3");
  });

  test("fails the change that a person asked for", async () => {
    const { scheduler, store } = await startedScheduler();
    store.failure = new ConnectorError("STATE_DISK_FULL", "the disk is full");
    await expect(scheduler.pause("a")).rejects.toMatchObject({ code: "STATE_DISK_FULL" });
    store.failure = null;
    await scheduler.resume("a");
  });
});

test("a thousand connectors that fall due together are written together", async () => {
  const connectors = Array.from({ length: 1000 }, (_, n) => hourlyConnector(`c${n}`));
  const { store, clock, runs } = await startedScheduler({ connectors, maxConcurrentConnectors: 1000 });
  const before = store.writes;
  await clock.advance(hour);
  expect(runs.started).toHaveLength(2000);
  expect(store.writes - before).toBeLessThan(10);
});

test("a scheduler that looks at the clock is alive, one that was not started is not", async () => {
  const { scheduler } = await startedScheduler();
  expect(scheduler.vitals().alive).toBe(true);
  expect(testScheduler().scheduler.vitals().alive).toBe(false);
});
