import { describe, expect, test } from "vitest";
import {
  cronOf,
  hourlyConnector,
  intervalOf,
  recordEvents,
  startedScheduler,
} from "../../test/support/scheduled-runs.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { dueTimes } from "./schedule.ts";
import type { SchedulerService } from "./scheduler-service.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("due times", { timeout: 30_000 }, () => {
  test("an interval is run at once, then at whole intervals", async () => {
    const { runs, clock } = await startedScheduler();
    await clock.advance(2 * hour + 30 * minute);
    expect(runs.started).toEqual(["12:00:00 a schedule", "13:00:00 a schedule", "14:00:00 a schedule"]);
  });

  test("a cron expression is run at its moments in its zone", async () => {
    const connectors = [hourlyConnector("a", cronOf("15,45 14 * * *", "Europe/Berlin"))];
    const { runs, clock } = await startedScheduler({ connectors });
    await clock.advance(26 * hour);
    expect(runs.started).toEqual([
      "13:15:00 a schedule",
      "13:45:00 a schedule",
      "13:15:00 a schedule",
      "13:45:00 a schedule",
    ]);
  });

  test("the next ones can be asked for", async () => {
    const { scheduler, clock } = await startedScheduler();
    const now = clock.now();
    expect(nextDueTimes(scheduler, 3)).toEqual([now + hour, now + 2 * hour, now + 3 * hour]);
    expect(nextDueTimes(scheduler, 0)).toEqual([]);
  });

  test("one that comes while the last run is at work is skipped and counted", async () => {
    const setting = await startedScheduler({ hold: true });
    const { scheduler, runs, clock } = setting;
    const skips = recordEvents(setting, "schedule:skip");
    await clock.advance(2 * hour);
    runs.end("a");
    await clock.advance(hour);
    expect(runs.started).toEqual(["12:00:00 a schedule", "15:00:00 a schedule"]);
    expect(skips.map(({ reason }) => reason)).toEqual(["overlap", "overlap"]);
    expect(scheduler.status("a").state.skipped).toBe(2);
  });

  test.each(["CONNECTOR_LOCKED", "DIRECT_FOLDER_LOCKED"] as const)(
    "a connector that another process works on is skipped, not failed: %s",
    async (code) => {
      const setting = await startedScheduler({ hold: true });
      const { scheduler, runs, clock } = setting;
      runs.end("a");
      const skips = recordEvents(setting, "schedule:skip");
      runs.refusal = new ConnectorError(code, "a is locked by process 7");
      await clock.advance(hour);
      expect(skips).toMatchObject([{ connectorId: "a", reason: "overlap" }]);
      expect(scheduler.status("a").state).toMatchObject({ skipped: 1, lastRun: { outcome: "success" } });
    },
  );

  test("a run that breaks off without a record is told and does not stop the schedule", async () => {
    const setting = await startedScheduler();
    const { runs, clock, scheduler } = setting;
    const failures = recordEvents(setting, "schedule:run-failed");
    runs.refusal = new Error("no space left on device");
    await clock.advance(hour);
    runs.refusal = null;
    await clock.advance(hour);
    expect(failures).toMatchObject([{ connectorId: "a", runId: "run-2", error: { code: "INTERNAL" } }]);
    expect(runs.started).toHaveLength(3);
    expect(scheduler.status("a").state.lastRun).toMatchObject({ outcome: "success" });
  });

  test("how late a run was handed out is told", async () => {
    const setting = await startedScheduler();
    const dispatches = recordEvents(setting, "schedule:dispatch");
    await setting.clock.advance(hour);
    expect(dispatches).toEqual([{ connectorId: "a", runId: "run-2", trigger: "schedule", latenessMs: 0 }]);
  });
});

describe("the limit on concurrent connectors", () => {
  const connectors = ["a", "b", "c", "d"].map((id) => hourlyConnector(id));

  test("lets others wait, and start in the order in which they fell due", async () => {
    const { runs, clock, scheduler } = await startedScheduler({
      connectors,
      hold: true,
      maxConcurrentConnectors: 2,
    });
    expect([...runs.held.keys()]).toEqual(["a", "b"]);
    expect(scheduler.vitals()).toMatchObject({ running: 2, queued: 2 });
    runs.end("b");
    await clock.advance(1);
    expect([...runs.held.keys()]).toEqual(["a", "c"]);
    runs.end("a");
    runs.end("c");
    await clock.advance(1);
    expect([...runs.held.keys()]).toEqual(["d"]);
  });

  test("can be raised while runs wait", async () => {
    const { runs, scheduler } = await startedScheduler({
      connectors,
      hold: true,
      maxConcurrentConnectors: 1,
    });
    scheduler.setMaxConcurrent(3);
    expect([...runs.held.keys()]).toEqual(["a", "b", "c"]);
  });
});

/** The next due times of the connector a. */
function nextDueTimes(scheduler: SchedulerService, count: number): number[] {
  const { schedule, state } = scheduler.status("a");
  return dueTimes(schedule, state, count);
}

describe("pause and resume", () => {
  test("a paused connector is not due, and is due again at the next slot after it is resumed", async () => {
    const { runs, clock, scheduler } = await startedScheduler();
    await scheduler.pause("a");
    await clock.advance(3 * hour + minute);
    expect(nextDueTimes(scheduler, 5)).toEqual([]);
    await scheduler.resume("a");
    await clock.advance(hour);
    expect(runs.started).toEqual(["12:00:00 a schedule", "16:00:00 a schedule"]);
  });

  test("a pause survives a restart", async () => {
    const { store, clock, scheduler } = await startedScheduler();
    await scheduler.pause("a");
    await scheduler.stop();
    const { runs, scheduler: next } = await startedScheduler({ store, clock });
    await clock.advance(3 * hour);
    expect(runs.started).toEqual([]);
    expect(next.status("a").state.pausedAt).toBe(Date.UTC(2026, 0, 1, 12));
  });

  test("a pause keeps the note of whoever has said why, over a restart, until it is resumed", async () => {
    const { scheduler, store, clock } = await startedScheduler();
    const noted = () => scheduler.status("a").state;
    await scheduler.pause("a", "the model is moved");
    const { pausedAt } = noted();
    await clock.advance(minute);
    await scheduler.pause("a");
    expect(noted()).toMatchObject({ pausedAt, pauseNote: "the model is moved" });
    await scheduler.pause("a", "it takes longer");
    expect(noted()).toMatchObject({ pausedAt, pauseNote: "it takes longer", dueAt: null });
    await scheduler.stop();
    const { scheduler: next } = await startedScheduler({ store, clock });
    expect(next.status("a").state).toMatchObject({ pausedAt, pauseNote: "it takes longer" });
    await next.resume("a");
    await next.pause("a");
    expect(next.status("a").state).not.toHaveProperty("pauseNote");
  });

  test("a pause withdraws a run that is due and waits, and lets one that is under way end", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b")];
    const setting = await startedScheduler({ connectors, hold: true, maxConcurrentConnectors: 1 });
    const { runs, scheduler } = setting;
    const skips = recordEvents(setting, "schedule:skip");
    await scheduler.pause("a");
    await scheduler.pause("b");
    expect([...runs.held.keys()]).toEqual(["a"]);
    expect(skips).toMatchObject([{ connectorId: "b", reason: "paused" }]);
    expect(scheduler.status("b").state.openRun).toBeNull();
  });

  test("a paused connector can still be triggered", async () => {
    const { runs, scheduler } = await startedScheduler();
    await scheduler.pause("a");
    expect(scheduler.trigger("a")).toBe("run-2");
    expect(runs.started.at(-1)).toBe("12:00:00 a api");
  });
});

describe("trigger and cancel", () => {
  test("a run that is under way or queued keeps another from being triggered", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b")];
    const { scheduler } = await startedScheduler({ connectors, hold: true, maxConcurrentConnectors: 1 });
    for (const id of ["a", "b"]) {
      expect(() => scheduler.trigger(id)).toThrow(expect.objectContaining({ code: "RUN_ACTIVE" }));
    }
  });

  test("a run that is under way is cancelled through its signal", async () => {
    const { scheduler, clock } = await startedScheduler({ hold: true });
    expect(scheduler.cancel("a")).toBe("run-1");
    await clock.advance(1);
    expect(scheduler.status("a")).toMatchObject({
      activeRun: null,
      state: { openRun: null, lastRun: { runId: "run-1", outcome: "cancelled" } },
    });
    expect(() => scheduler.cancel("a")).toThrow(expect.objectContaining({ code: "RUN_NOT_ACTIVE" }));
  });

  test("a run that waits is cancelled without being started", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b")];
    const setting = await startedScheduler({ connectors, hold: true, maxConcurrentConnectors: 1 });
    const { scheduler, runs, clock } = setting;
    const failures = recordEvents(setting, "schedule:run-failed");
    expect(scheduler.cancel("b")).toBe("run-2");
    runs.end("a");
    await clock.advance(1);
    expect(runs.started).toEqual(["12:00:00 a schedule"]);
    expect(failures).toMatchObject([{ runId: "run-2", error: { code: "CANCELLED" } }]);
  });

  test("an unknown connector is refused by every call", async () => {
    const { scheduler } = await startedScheduler();
    const unknown = expect.objectContaining({ code: "CONNECTOR_UNKNOWN", subject: "z" });
    expect(() => scheduler.trigger("z")).toThrow(unknown);
    expect(() => scheduler.cancel("z")).toThrow(unknown);
    expect(() => scheduler.status("z")).toThrow(unknown);
    await expect(scheduler.pause("z")).rejects.toThrow(unknown);
    await expect(scheduler.resume("z")).rejects.toThrow(unknown);
    await expect(scheduler.remove("z")).rejects.toThrow(unknown);
  });
});

describe("connectors at run time", () => {
  test("one that is added is run without waiting for the heartbeat", async () => {
    const { scheduler, runs, clock } = await startedScheduler();
    await scheduler.put(hourlyConnector("b"));
    await clock.advance(0);
    expect(runs.started).toEqual(["12:00:00 a schedule", "12:00:00 b schedule"]);
  });

  test("one whose interval changes follows the new one", async () => {
    const { scheduler, runs, clock } = await startedScheduler();
    await clock.advance(25 * minute);
    await scheduler.put(hourlyConnector("a", intervalOf(10 * minute)));
    await clock.advance(15 * minute);
    expect(runs.started).toEqual(["12:00:00 a schedule", "12:30:00 a schedule", "12:40:00 a schedule"]);
  });

  test("one that is removed is not run again, and its run that is under way ends as it would", async () => {
    const { scheduler, runs, clock, store } = await startedScheduler({ hold: true });
    await scheduler.remove("a");
    runs.end("a");
    await clock.advance(3 * hour);
    expect(runs.started).toHaveLength(1);
    expect(store.states.get("a")?.lastRun).toMatchObject({ outcome: "success" });
    expect(scheduler.list()).toEqual([]);
  });

  test("one that is removed loses the run that it waits for", async () => {
    const connectors = [hourlyConnector("a"), hourlyConnector("b"), hourlyConnector("c", { type: "manual" })];
    const { scheduler, runs, clock } = await startedScheduler({
      connectors,
      hold: true,
      maxConcurrentConnectors: 1,
    });
    scheduler.trigger("c");
    await scheduler.remove("b");
    await scheduler.remove("c");
    runs.end("a");
    await clock.advance(1);
    expect(runs.started).toEqual(["12:00:00 a schedule"]);
  });

  test("one that is removed and comes back goes on where it stood, unless it was to be forgotten", async () => {
    const { scheduler, store } = await startedScheduler();
    await scheduler.pause("a");
    await scheduler.remove("a");
    await scheduler.put(hourlyConnector("a"));
    expect(scheduler.status("a").state.pausedAt).not.toBeNull();
    await scheduler.remove("a", { forget: true });
    expect(store.states.has("a")).toBe(false);
    await scheduler.put(hourlyConnector("a"));
    expect(scheduler.status("a").state.pausedAt).toBeNull();
  });

  test("one with a cron expression that nobody can understand is refused", async () => {
    const { scheduler } = await startedScheduler();
    await expect(scheduler.put(hourlyConnector("b", cronOf("61 * * * *")))).rejects.toMatchObject({
      code: "SCHEDULE_INVALID",
      subject: "b",
    });
    expect(scheduler.list()).toHaveLength(1);
  });
});
