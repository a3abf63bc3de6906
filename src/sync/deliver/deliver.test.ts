import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { applyEvent } from "../../domain/ledger.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { deliver } from "./deliver.ts";

async function delivering(...given: Parameters<typeof runContext>): Promise<void> {
  const run = await runContext(...given);
  await deliver(run, run.signal);
}

const year = 365 * 24 * 3_600_000;
const retry = { maxAttempts: 3, initialBackoffMs: 1_000, backoffMultiplier: 2 };
const error = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;

/** A world with two memories whose first attempt failed, to be tried again in so many milliseconds. */
async function failedRows(nextInMs: number, maxBackoffMs = 60_000) {
  const sync = await quickHarness({ retry: { ...retry, maxBackoffMs } });
  const rows = await pendingRows(sync, [memoryOf("a"), memoryOf("b")]);
  const nextAttemptAt = sync.clock.now() + nextInMs;
  await sync.state.saveRows(rows.map((row) => applyEvent(row, { type: "fail", error, nextAttemptAt }, 0)));
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  return { ...sync, notices };
}

test("who does not wait for the proof does not wait for what an earlier run handed over either", async () => {
  const sync = await quickHarness({ maxInFlight: 1 });
  sync.sink.onInsert = () => undefined;
  for (const id of ["a", "b"]) {
    await pendingRows(sync, [memoryOf(id)]);
    await delivering(sync, { wait: false });
  }
  await delivering(sync, { wait: false });
  expect(sync.clock.longestSleep).toBeLessThan(1_000);
  expect(sync.sink.calls).toEqual(["submit 1", "submit 1"]);
  for (const id of ["a", "b"])
    expect(await sync.row(id)).toMatchObject({ status: "submitted", attempts: 0, error: null });
});

test("who does not wait for the proof does not wait for the next attempt either", async () => {
  const world = await failedRows(50_000);
  await delivering(world, { wait: false });
  expect(world.clock.longestSleep).toBeLessThan(1_000);
  expect(await world.row("a")).toMatchObject({ status: "failed" });
});

test("a next attempt within the longest back-off is waited for, and whoever looks on is told", async () => {
  const world = await failedRows(50_000);
  const waits: unknown[] = [];
  world.events.on("run:notice", ({ waitMs }) => waits.push(waitMs));
  await delivering(world);
  expect(world.clock.longestSleep).toBeGreaterThan(40_000);
  expect(world.notices.join()).toContain("waits 50 s for the next try");
  expect(waits).toEqual([expect.closeTo(50_000, -3)]);
  expect(await world.row("a")).toMatchObject({ status: "processed" });
});

test.each([60_001, 3_600_000, 2 * year])(
  "a next attempt in %i ms, written while the clock was ahead, is due now",
  async (nextInMs) => {
    const world = await failedRows(nextInMs);
    await delivering(world);
    for (const id of ["a", "b"]) expect(await world.row(id)).toMatchObject({ status: "processed" });
    expect(world.clock.longestSleep).toBeLessThan(5_000);
  },
);

test("a deletion whose next attempt is years away is due now, and stays what it was for", async () => {
  const sync = await quickHarness();
  await pendingRows(sync, [memoryOf("a")]);
  await delivering(sync);
  const leaving = applyEvent(await sync.row("a"), { type: "vanish" }, 0);
  await sync.state.saveRows([
    applyEvent(leaving, { type: "fail", error, nextAttemptAt: sync.clock.now() + 2 * year }, 0),
  ]);
  await delivering(sync);
  expect(await sync.row("a")).toMatchObject({ status: "deleted", documentId: null });
});

test("a forced run waits for no earlier back-off", async () => {
  const world = await failedRows(50_000);
  await delivering(world, { force: true });
  expect(world.clock.longestSleep).toBeLessThan(5_000);
  expect(await world.row("a")).toMatchObject({ status: "processed" });
});

test.each([
  [1_999, 0],
  [2_500, 1],
])("a wait of %i ms is told of %i times", async (nextInMs, times) => {
  const world = await failedRows(nextInMs);
  await delivering(world);
  expect(world.notices).toHaveLength(times);
});

test("a deletion that is to be tried again soon is waited for", async () => {
  const sync = await quickHarness({ retry: { ...retry, maxBackoffMs: 60_000 } });
  await pendingRows(sync, [memoryOf("a")]);
  await delivering(sync);
  const leaving = applyEvent(await sync.row("a"), { type: "vanish" }, 0);
  const nextAttemptAt = sync.clock.now() + 30_000;
  await sync.state.saveRows([applyEvent(leaving, { type: "fail", error, nextAttemptAt }, 0)]);
  await delivering(sync);
  expect(sync.clock.longestSleep).toBeGreaterThan(29_000);
  expect(await sync.row("a")).toMatchObject({ status: "deleted", documentId: null });
});

test.each([
  [1_000, 60_000],
  [120_000, 120_000],
])(
  "with back-offs up to %i ms a LightRAG that asks for an hour is looked at again after %i ms",
  async (maxBackoffMs, restMs) => {
    const sync = await quickHarness({ retry: { ...retry, maxBackoffMs } });
    await pendingRows(sync, [memoryOf("a")]);
    await delivering(sync);
    await sync.state.saveRows([applyEvent(await sync.row("a"), { type: "vanish" }, 0)]);
    sync.sink.removeFaults = [new ConnectorError("SINK_BUSY", "later", { retryAfterMs: 3_600_000 })];
    await delivering(sync);
    expect(sync.clock.longestSleep).toBe(restMs);
    expect((await sync.row("a")).status).toBe("deleted");
  },
);

test("whoever looks on is told that LightRAG's model is not available, and for how long deliveries rest", async () => {
  const sync = await quickHarness({ modelPauseMs: 2_500 });
  const notices: unknown[] = [];
  sync.events.on("run:notice", ({ message, waitMs }) => notices.push([message, waitMs]));
  await pendingRows(sync, [memoryOf("a")]);
  const insert = sync.sink.onInsert;
  sync.sink.onInsert = (record) => {
    Object.assign(record, { status: "failed", error: "quota", modelUnavailable: true });
    sync.sink.onInsert = insert;
  };
  await delivering(sync);
  expect(notices).toEqual([["LightRAG's model is not available, deliveries rest for 3 s: quota", 2_500]]);
  expect((await sync.row("a")).status).toBe("processed");
});

test("what is only discovered waits for the source and keeps nobody busy", async () => {
  const sync = await quickHarness();
  const [row] = await pendingRows(sync, [memoryOf("a")]);
  if (row === undefined) throw new Error("no row");
  await sync.state.saveRows([{ ...row, status: "discovered" }]);
  await delivering(sync);
  expect(sync.sink.calls).toEqual([]);
  expect((await sync.row("a")).status).toBe("discovered");
});

test("what an earlier run handed over is watched, with others in the window, until it is proved", async () => {
  const sync = await quickHarness({ maxInFlight: 2 });
  sync.sink.onInsert = () => undefined;
  await pendingRows(sync, [memoryOf("a")]);
  await delivering(sync, { wait: false });
  await pendingRows(sync, [memoryOf("b"), memoryOf("c")]);
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 1 });
  for (const record of sync.sink.documents.values()) sync.sink.onInsert(record);
  await delivering(sync);
  for (const id of ["a", "b", "c"]) expect(await sync.row(id)).toMatchObject({ status: "processed" });
});
