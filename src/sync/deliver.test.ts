import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { applyEvent } from "../state/ledger.ts";
import { deliver } from "./deliver.ts";

const year = 365 * 24 * 3_600_000;
const error = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;

/** A world with two memories whose first attempt failed, to be tried again in so many milliseconds. */
async function failedRows(nextInMs: number, maxBackoffMs = 60_000) {
  const retry = { maxAttempts: 3, initialBackoffMs: 1_000, backoffMultiplier: 2, maxBackoffMs };
  const sync = await quickHarness({ retry });
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
    await deliver(await runContext(sync, { wait: false }));
  }
  await deliver(await runContext(sync, { wait: false }));
  expect(sync.clock.longestSleep).toBeLessThan(1_000);
  expect(sync.sink.calls).toEqual(["submit 1", "submit 1"]);
  for (const id of ["a", "b"])
    expect(await sync.row(id)).toMatchObject({ status: "submitted", attempts: 0, error: null });
});

test("who does not wait for the proof does not wait for the next attempt either", async () => {
  const world = await failedRows(50_000);
  await deliver(await runContext(world, { wait: false }));
  expect(world.clock.longestSleep).toBeLessThan(1_000);
  expect(await world.row("a")).toMatchObject({ status: "failed" });
});

test("a next attempt within the longest back-off is waited for, and whoever looks on is told", async () => {
  const world = await failedRows(50_000);
  await deliver(await runContext(world));
  expect(world.clock.longestSleep).toBeGreaterThan(40_000);
  expect(world.notices.join()).toContain("waits 50 s for the next try");
  expect(await world.row("a")).toMatchObject({ status: "processed" });
});

test.each([60_001, 3_600_000, 2 * year])(
  "a next attempt in %i ms, written while the clock was ahead, is due now",
  async (nextInMs) => {
    const world = await failedRows(nextInMs);
    await deliver(await runContext(world));
    for (const id of ["a", "b"]) expect(await world.row(id)).toMatchObject({ status: "processed" });
    expect(world.clock.longestSleep).toBeLessThan(5_000);
  },
);

test("a deletion whose next attempt is years away is due now, and stays what it was for", async () => {
  const sync = await quickHarness();
  await pendingRows(sync, [memoryOf("a")]);
  await deliver(await runContext(sync));
  const leaving = applyEvent(await sync.row("a"), { type: "vanish" }, 0);
  await sync.state.saveRows([
    applyEvent(leaving, { type: "fail", error, nextAttemptAt: sync.clock.now() + 2 * year }, 0),
  ]);
  await deliver(await runContext(sync));
  expect(await sync.row("a")).toMatchObject({ status: "deleted", documentId: null });
});

test("a forced run waits for no earlier back-off", async () => {
  const world = await failedRows(50_000);
  await deliver(await runContext(world, { force: true }));
  expect(world.clock.longestSleep).toBeLessThan(5_000);
  expect(await world.row("a")).toMatchObject({ status: "processed" });
});
