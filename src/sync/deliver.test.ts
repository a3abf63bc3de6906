import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { pendingRows, runContext } from "../../test/support/run-context.ts";
import { memoryOf, syncHarness } from "../../test/support/sync-harness.ts";
import { applyEvent } from "../state/ledger.ts";
import { deliver } from "./deliver.ts";

/** Lets others work while somebody sleeps; without that, who only looks and sleeps would hold everybody up. */
class YieldingClock extends ManualClock {
  override readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.advance(ms);
  };

  get longestSleep(): number {
    return Math.max(0, ...this.sleeps);
  }
}

const year = 365 * 24 * 3_600_000;
const error = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;

/** A world with two memories whose first attempt failed, to be tried again in so many milliseconds. */
async function failedRows(nextInMs: number, maxBackoffMs = 60_000) {
  const clock = new YieldingClock();
  const retry = { maxAttempts: 3, initialBackoffMs: 1_000, backoffMultiplier: 2, maxBackoffMs };
  const sync = await syncHarness({ retry }, clock);
  const rows = await pendingRows(sync, [memoryOf("a"), memoryOf("b")]);
  const nextAttemptAt = clock.now() + nextInMs;
  await sync.state.saveRows(rows.map((row) => applyEvent(row, { type: "fail", error, nextAttemptAt }, 0)));
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  return { ...sync, clock, notices };
}

test("who does not wait for the proof does not wait for what an earlier run handed over either", async () => {
  const clock = new YieldingClock();
  const sync = await syncHarness({ maxInFlight: 1 }, clock);
  sync.sink.onInsert = () => undefined;
  for (const id of ["a", "b"]) {
    await pendingRows(sync, [memoryOf(id)]);
    await deliver(await runContext(sync, { wait: false }));
  }
  await deliver(await runContext(sync, { wait: false }));
  expect(clock.longestSleep).toBeLessThan(1_000);
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
  const clock = new YieldingClock();
  const sync = await syncHarness({}, clock);
  await pendingRows(sync, [memoryOf("a")]);
  await deliver(await runContext(sync));
  const leaving = applyEvent(await sync.row("a"), { type: "vanish" }, 0);
  await sync.state.saveRows([
    applyEvent(leaving, { type: "fail", error, nextAttemptAt: clock.now() + 2 * year }, 0),
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
