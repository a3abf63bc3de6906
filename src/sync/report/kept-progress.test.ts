import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { memoryState } from "../../../test/support/memory-state.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { RunPhase, SyncEvents } from "../events.ts";
import { ordinaryRun } from "../run-options.ts";
import { recordRun } from "./record-run.ts";
import type { RunReport } from "./run-report.ts";

/** Resolves when whatever was being written is. */
async function written(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await setImmediate();
}

/** A run of 100 memories, `left` of which are unsettled, as its recorder sees it. */
function startRun() {
  const clock = new ManualClock();
  const state = memoryState(clock);
  const events = new EventBus<SyncEvents>();
  const options = ordinaryRun("schedule", 0);
  const run = { runId: options.runId, connectorId: "c" };
  const saved: RunRecord[] = [];
  const world = { left: 100, beforeSave: async (_record: RunRecord) => {} };
  const countRows = state.countRows.bind(state);
  const saveRun = state.saveRun.bind(state);
  vi.spyOn(state, "countRows").mockImplementation(async (id) => ({
    ...(await countRows(id)),
    pending: world.left,
  }));
  vi.spyOn(state, "saveRun").mockImplementation(async (record) => {
    await world.beforeSave(record);
    saved.push(record);
    await saveRun(record);
  });
  const enter = (phase: RunPhase) => events.emit("run:phase", { ...run, phase });
  const settle = async (count: number, report: RunReport) => {
    world.left -= count;
    report.counts.processed += count;
    const { counts, expected } = report;
    events.emit("run:progress", {
      ...run,
      phase: "deliver",
      counts,
      done: counts.processed,
      total: expected,
    });
    await written();
  };
  const notice = (message: string, waitMs?: number) =>
    events.emit("run:notice", { ...run, message, ...(waitMs === undefined ? {} : { waitMs }) });
  const record = (work: (report: RunReport) => Promise<void>) =>
    recordRun({ state, clock, events }, "c", options, async (report) => {
      await work(report);
      return "success";
    });
  const deliver = async (report: RunReport) => {
    report.expected = 100;
    enter("deliver");
    await written();
    expect(saved).toHaveLength(2);
  };
  return { clock, state, saved, world, enter, settle, notice, record, deliver, run, events };
}

test("a run saves its progress every few seconds at most, and only when something has changed", async () => {
  const { clock, saved, settle, record, deliver } = startRun();
  await record(async (report) => {
    await deliver(report);
    for (let settled = 0; settled < 50; settled++) {
      clock.advance(100);
      await settle(1, report);
    }
    expect(saved).toHaveLength(3);
    clock.advance(600_000);
    expect(saved).toHaveLength(3);
  });
  expect(saved.map(({ outcome }) => outcome)).toEqual(["running", "running", "running", "partial"]);
  expect(saved[2]).toMatchObject({ counts: { processed: 30 }, progress: { delivery: { total: 100 } } });
});

test("the pace is measured from a minute ago, or from the last that was settled before", async () => {
  const { clock, saved, settle, record, deliver } = startRun();
  await record(async (report) => {
    await deliver(report);
    const base = () => clock.now() - (saved.at(-1)?.progress?.delivery?.since.at ?? 0);
    for (let settled = 1; settled <= 30; settled++) {
      clock.advance(10_000);
      await settle(1, report);
      await written();
      expect(saved).toHaveLength(2 + settled);
      expect(base()).toBe(Math.min(60_000, settled * 10_000));
    }
    expect(saved.at(-1)?.progress?.delivery).toMatchObject({ since: { done: 24 } });
    clock.advance(600_000);
    await settle(1, report);
    await written();
    expect(saved).toHaveLength(33);
    expect(base()).toBe(600_000);
  });
});

test("a clock that is set does not move the pace", async () => {
  const { clock, saved, settle, record, deliver } = startRun();
  await record(async (report) => {
    await deliver(report);
    clock.advance(30_000);
    clock.set(clock.now() + 86_400_000);
    await settle(1, report);
    await written();
    expect(saved).toHaveLength(3);
    expect(saved[2]?.progress?.delivery?.since.at).toBe(clock.now() - 30_000);
  });
});

test("a wait is saved at once, with its reason and end; a short one, or news without one, is not", async () => {
  const { clock, saved, notice, record, deliver } = startRun();
  await record(async (report) => {
    await deliver(report);
    notice("a document was looked at");
    notice("waits 2 s", 2_000);
    notice("LightRAG's model is out of quota", 30_000);
    await written();
    expect(saved).toHaveLength(3);
    const reason = "LightRAG's model is out of quota";
    expect(saved[2]?.progress?.waits).toEqual({ until: clock.now() + 30_000, reason });
  });
});

test("what another run tells is not this run's progress, and a run with nothing to deliver writes none", async () => {
  const { clock, saved, record, enter, events } = startRun();
  await record(async () => {
    enter("deliver");
    clock.advance(10_000);
    events.emit("run:phase", { runId: "other", connectorId: "d", phase: "deliver" });
  });
  expect(saved.map(({ progress }) => progress)).toEqual([undefined, undefined]);
});

test("a slow save of progress never overwrites the final record", async () => {
  const { state, saved, world, notice, record, deliver, run } = startRun();
  const noticed = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  const ended = record(async (report) => {
    await deliver(report);
    world.beforeSave = ({ outcome }) => (outcome === "running" ? slow.promise : Promise.resolve());
    notice("LightRAG's model is out of quota", 30_000);
    noticed.resolve();
  });
  await noticed.promise;
  await written();
  expect(saved).toHaveLength(2);
  slow.resolve();
  const final = await ended;
  expect(saved.at(-1)).toEqual(final);
  expect(await state.getRun(run.runId)).toEqual(final);
  expect(final).not.toHaveProperty("progress");
});

test("progress that cannot be written does not end the run", async () => {
  const { saved, world, notice, record, deliver } = startRun();
  const final = await record(async (report) => {
    await deliver(report);
    world.beforeSave = async ({ outcome }) => {
      if (outcome === "running") throw new Error("the disk is full");
    };
    notice("LightRAG's model is out of quota", 30_000);
  });
  expect(saved).toEqual([expect.anything(), expect.anything(), final]);
});

test("a run that lost its process is closed with what it had counted", async () => {
  const { state, saved, record, deliver } = startRun();
  await record(async (report) => {
    report.counts.processed = 7;
    await deliver(report);
  });
  const lost = { ...saved[1], runId: "lost", startedAt: saved[1]!.startedAt + 1 } as RunRecord;
  await state.saveRun(lost);
  await startRunOn(state);
  const closed = await state.getRun("lost");
  expect(closed).toMatchObject({ outcome: "interrupted", counts: { processed: 7 } });
  expect(closed).not.toHaveProperty("progress");
});

async function startRunOn(state: ReturnType<typeof memoryState>) {
  const parts = { state, clock: new ManualClock(), events: new EventBus<SyncEvents>() };
  await recordRun(parts, "c", ordinaryRun("cli", 0), async () => "success");
}
