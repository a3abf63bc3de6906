import { expect, onTestFinished, test } from "vitest";
import { MemoryScheduleStore } from "../../test/support/memory-schedule-store.ts";
import { MemorySharedRuns } from "../../test/support/memory-shared-runs.ts";
import { runRecord } from "../../test/support/run-record.ts";
import {
  hourlyConnector,
  intervalOf,
  recordEvents,
  schedulerOn,
  stopAtOnce,
  type TestScheduler,
} from "../../test/support/scheduled-runs.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import type { RunRecord } from "../domain/run-record.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

const minute = 60_000;
const hour = 60 * minute;
const named = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);

interface World {
  connectors?: string[];
  processes?: number;
  maxConcurrent?: number;
  hold?: boolean;
  /** Whether the processes hear of each other's left over work. */
  tellsLeftOver?: boolean;
}

/** Processes that share their work; runs end when the test ends them. */
async function startProcesses({
  connectors = ["a"],
  processes = 2,
  maxConcurrent = 100,
  hold = true,
  tellsLeftOver = false,
}: World = {}) {
  const store = new MemoryScheduleStore();
  store.isShared = true;
  const shared = new MemorySharedRuns(store);
  const clock = new SteppedClock(Date.UTC(2026, 0, 1, 12));
  const records = new Map<string, RunRecord>();
  const recordOf = async (runId: string) => records.get(runId) ?? null;
  const all: TestScheduler[] = [];
  const start = async () => {
    const leftOver = () => {
      for (const { scheduler } of all) if (scheduler !== started.scheduler) scheduler.takeLeftOver();
    };
    const sharing = { shared, recordOf, ...(tellsLeftOver && { leftOver }) };
    const started: TestScheduler = schedulerOn(store, clock, maxConcurrent, sharing);
    started.runs.endAtOnce = !hold;
    await started.scheduler.start(connectors.map((id) => hourlyConnector(id, intervalOf(hour))));
    onTestFinished(() => stopAtOnce(started));
    return started;
  };
  for (let n = 0; n < processes; n += 1) all.push(await start());
  await clock.advance(minute);
  const started = () => all.flatMap(({ runs }) => runs.started.map((line) => line.slice(9)));
  return { store, shared, clock, records, all, start, started };
}

const held = ({ runs }: TestScheduler) => [...runs.held.keys()];

test("a due time is served once by all of them, and each takes as much as it has room for", async () => {
  const { all, clock, started } = await startProcesses({
    connectors: named(7),
    processes: 3,
    maxConcurrent: 2,
  });
  expect(all.map((each) => held(each).length)).toEqual([2, 2, 2]);
  const [first] = all;
  first?.runs.end(held(first)[0] ?? "");
  await clock.advance(1_000);
  expect(new Set(started()).size).toBe(7);
  expect(started().length).toBe(7);
  for (const each of all) for (const id of named(7)) each.runs.end(id);
  await clock.advance(minute);
  expect(started().length).toBe(7);
  for (const { scheduler } of all) expect(scheduler.status("c6").state).toMatchObject({ skipped: 0 });
});

test.each([
  { tellsLeftOver: true, atOnce: ["a", "b"] },
  { tellsLeftOver: false, atOnce: ["a"] },
])(
  "a run that is asked for where there is no room begins at once where there is, if that process hears of it: $tellsLeftOver",
  async ({ tellsLeftOver, atOnce }) => {
    const { all, clock } = await startProcesses({ connectors: [], maxConcurrent: 1, tellsLeftOver });
    for (const { scheduler } of all)
      for (const id of ["a", "b"]) await scheduler.put(hourlyConnector(id, { type: "manual" }));
    const [asked] = all;
    const begun = () => all.flatMap(held).toSorted();
    for (const id of ["a", "b"]) {
      await asked?.scheduler.trigger(id);
      // As long as all takes that needs no time; the next look of the others is later.
      await clock.advance(1);
    }
    expect(begun()).toEqual(atOnce);
    await clock.advance(1_000);
    expect(begun()).toEqual(["a", "b"]);
  },
);

test("whoever hands out a run tells of it and of how late it was, once", async () => {
  const { all, clock } = await startProcesses({ hold: false });
  const seen = all.map((each) => recordEvents(each, "schedule:dispatch"));
  await clock.advance(hour);
  expect(seen.flat()).toMatchObject([{ connectorId: "a", trigger: "schedule", latenessMs: 0 }]);
});

test("a due time that comes while another process still runs the connector is skipped, once", async () => {
  const { all, clock, store } = await startProcesses();
  const skips = all.map((each) => recordEvents(each, "schedule:skip"));
  await clock.advance(hour);
  expect(skips.flat()).toMatchObject([{ connectorId: "a", reason: "overlap" }]);
  expect(store.states.get("a")).toMatchObject({ skipped: 1 });
});

test("the run of a process that has died is gone on with by another, when its lease is over", async () => {
  const { all, clock, shared, start } = await startProcesses({ processes: 1 });
  const [died] = all;
  const other = await start();
  const failovers = recordEvents(other, "schedule:failover");
  await died?.scheduler.setMaxConcurrent(1);
  other.runs.refusal = new ConnectorError("CONNECTOR_LOCKED", "a is locked by process 7");
  shared.loseActive();
  await clock.advance(10_000);
  expect(held(other)).toEqual([]);
  other.runs.refusal = null;
  await clock.advance(1_000);
  expect([held(other), failovers.length]).toEqual([["a"], 1]);
  expect(other.runs.started.at(-1)).toContain("a catch_up");
});

test("a run that had ended when its process died is not begun again", async () => {
  const { all, clock, shared, store, records, start } = await startProcesses({ processes: 1 });
  const runId = store.states.get("a")?.openRun?.runId ?? "";
  records.set(runId, runRecord({ runId, connectorId: "a", outcome: "success", endedAt: clock.now() }));
  const other = await start();
  await all[0]?.scheduler.setMaxConcurrent(0);
  shared.loseActive();
  await clock.advance(10_000);
  expect(other.runs.started).toEqual([]);
  expect(await shared.counts()).toEqual({ queued: 0, active: 0, leased: 0 });
  expect(store.states.get("a")).toMatchObject({ openRun: null, lastRun: { runId, outcome: "success" } });
});

test("what a shutdown cuts short goes on elsewhere, and a start beside it takes nothing up twice", async () => {
  const { all, clock, start, started, store } = await startProcesses({ processes: 1 });
  const other = await start();
  expect(other.runs.started).toEqual([]);
  const [first] = all;
  if (first !== undefined) await stopAtOnce(first);
  await clock.advance(minute);
  expect(held(other)).toEqual(["a"]);
  expect(started()).toEqual(["a schedule"]);
  other.runs.end("a");
  await clock.advance(minute);
  expect(store.states.get("a")).toMatchObject({ openRun: null, skipped: 0, lastRun: { outcome: "success" } });
});

test("a request is refused while any of them runs the connector, and taken by whoever is free", async () => {
  const { all, clock, store } = await startProcesses({ connectors: ["a", "b"], maxConcurrent: 1 });
  const [one, other] = all as [TestScheduler, TestScheduler];
  const running = held(one)[0] ?? "";
  await expect(other.scheduler.trigger(running)).rejects.toMatchObject({
    code: "RUN_ACTIVE",
    subject: store.states.get(running)?.openRun?.runId,
  });
  one.runs.end(running);
  await clock.advance(minute);
  const runId = await other.scheduler.trigger(running);
  await clock.advance(1_000);
  expect([held(one), store.states.get(running)?.openRun?.runId]).toEqual([[running], runId]);
});

test("a pause withdraws what waits, not what was asked for; a cancel withdraws both", async () => {
  const { all, clock, shared, store } = await startProcesses({
    connectors: ["a", "b"],
    processes: 1,
    maxConcurrent: 1,
  });
  const [{ scheduler, runs }] = all as [TestScheduler];
  expect(await shared.counts()).toEqual({ queued: 1, active: 1, leased: 1 });
  await scheduler.pause("b");
  expect([await shared.counts(), store.states.get("b")?.openRun]).toEqual([
    { queued: 0, active: 1, leased: 1 },
    null,
  ]);
  const asked = await scheduler.trigger("b");
  await scheduler.pause("b", "again");
  expect(await shared.counts()).toEqual({ queued: 1, active: 1, leased: 1 });
  expect(await scheduler.cancel("b")).toBe(asked);
  await clock.advance(0);
  expect(store.states.get("b")).toMatchObject({
    openRun: null,
    lastRun: { runId: asked, outcome: "cancelled" },
  });
  await expect(scheduler.cancel("b")).rejects.toMatchObject({ code: "RUN_NOT_ACTIVE" });
  expect(await scheduler.cancel("a")).toBeDefined();
  runs.end("a");
});

test("a store that fails is told once, and tried again", async () => {
  const { all, clock, shared } = await startProcesses({ processes: 1, hold: false });
  const [one] = all as [TestScheduler];
  const failures = recordEvents(one, "schedule:store-failed");
  shared.failure = new ConnectorError("STATE_WRITE_FAILED", "the server is away");
  await clock.advance(hour + minute);
  expect(failures.length).toBe(1);
  shared.failure = null;
  await clock.advance(10_000);
  expect(one.runs.started.length).toBe(2);
});

test("a run that is handed out while another process starts is not taken for one that was left open", async () => {
  const { all, clock, shared, start, store } = await startProcesses({ processes: 1 });
  const [one] = all as [TestScheduler];
  one.runs.end("a");
  await clock.advance(minute);
  const { list } = shared;
  shared.list = async () => {
    const seen = await list.call(shared);
    await one.scheduler.trigger("a");
    return seen;
  };
  const other = await start();
  const skips = recordEvents(other, "schedule:skip");
  await clock.advance(minute);
  expect([skips, held(one), held(other)]).toEqual([[], ["a"], []]);
  expect(store.states.get("a")).toMatchObject({ skipped: 0, dueAt: Date.UTC(2026, 0, 1, 13) });
});

test("a run whose lease was lost is not over: whoever has it goes on", async () => {
  const { all, clock, shared, store } = await startProcesses({ processes: 1, hold: false });
  const [one] = all as [TestScheduler];
  const { giveBack } = shared;
  shared.giveBack = async (run, hasBegun) => {
    one.runs.refusal = null;
    await giveBack.call(shared, run, hasBegun);
  };
  one.runs.refusal = new ConnectorError("CONNECTOR_LEASE_LOST", "a was taken over");
  await one.scheduler.trigger("a");
  await clock.advance(minute);
  expect(one.runs.started.map((line) => line.slice(9))).toEqual(["a schedule", "a api", "a catch_up"]);
  expect(store.states.get("a")).toMatchObject({ openRun: null, lastRun: { outcome: "success" } });
});

const folderIsAnothers = new ConnectorError("DIRECT_FOLDER_LOCKED", "/folder is in use by process 7");

test.each(["schedule", "api"])(
  "a run into a folder that another process has is that one's, under its id, whoever comes first: %s",
  async (trigger) => {
    const { all, clock, store } = await startProcesses({ hold: false });
    const [one, other] = all as [TestScheduler, TestScheduler];
    const [left, skips] = [recordEvents(one, "schedule:left"), recordEvents(one, "schedule:skip")];
    one.runs.refusal = folderIsAnothers;
    const before = other.runs.started.length;
    if (trigger === "api") await one.scheduler.trigger("a");
    else await clock.advance(hour);
    await clock.advance(2_000);
    const runId = left[0]?.runId;
    expect(other.runs.started.slice(before).map((line) => line.slice(9))).toEqual([`a ${trigger}`]);
    expect(store.states.get("a")).toMatchObject({ openRun: null, skipped: 0, lastRun: { runId, trigger } });
    expect([left, skips]).toMatchObject([[{ connectorId: "a", runId: expect.any(String) }], []]);
  },
);

test("a run into a folder that nobody who shares the work has waits for it, and holds up no other", async () => {
  const { all, clock, shared, store } = await startProcesses({
    connectors: ["a"],
    processes: 1,
    hold: false,
    maxConcurrent: 1,
  });
  const [one] = all as [TestScheduler];
  const left = recordEvents(one, "schedule:left");
  one.runs.refusal = folderIsAnothers;
  const runId = await one.scheduler.trigger("a");
  await clock.advance(1_000);
  one.runs.refusal = null;
  await one.scheduler.put(hourlyConnector("b", { type: "manual" }));
  await one.scheduler.trigger("b");
  await clock.advance(1_000);
  expect(store.states.get("b")).toMatchObject({ lastRun: { outcome: "success" } });
  expect(await shared.counts()).toMatchObject({ queued: 1, active: 0 });
  await clock.advance(10_000);
  expect(store.states.get("a")).toMatchObject({ lastRun: { runId, outcome: "success" }, openRun: null });
  expect(left.length).toBe(1);
});
