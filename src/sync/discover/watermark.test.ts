import { expect, test } from "vitest";
import { nothingLearnt, type SyncState } from "../../state/state-manager.ts";
import { OldestWaiting } from "./discover-parts.ts";
import type { Reading } from "./reading.ts";
import { advanceWatermark, settleWatermarks } from "./watermark.ts";

const scope = { connectorId: "c", contextId: "x" };

/** A run of which only the state is looked at. */
function runWith(oldestUnfinished: number | null, stored: SyncState | null = null, filter = {}) {
  const saved: SyncState[] = [];
  const run = {
    settings: { connectorId: "c", contextIds: ["x"] },
    options: { filter },
    waiting: new OldestWaiting(),
    backfill: null,
    state: {
      oldestUnfinished: async () => oldestUnfinished,
      getSyncState: async () => stored,
      saveSyncState: async (state: SyncState) => void saved.push(state),
    },
  };
  return { run: run as unknown as Parameters<typeof settleWatermarks>[0], saved };
}

const reading = (change: Partial<Reading> = {}) =>
  ({
    scope,
    range: "all",
    startedAt: 1_000,
    seen: 3,
    truncated: null,
    mark: {},
    learnt: nothingLearnt,
    previous: null,
    ...change,
  }) as Reading;
const before: SyncState = {
  ...scope,
  watermark: 400,
  lastCompleteListingAt: 500,
  truncated: null,
  lastListingCount: 2,
};

test("after a whole listing the watermark is where it began, and never past the oldest unfinished memory", async () => {
  const all = runWith(null);
  await advanceWatermark(all.run, reading());
  expect(all.saved).toMatchObject([
    { watermark: 1_000, lastCompleteListingAt: 1_000, lastListingCount: 3, truncated: null },
  ]);
  const open = runWith(700);
  await advanceWatermark(open.run, reading());
  expect(open.saved).toMatchObject([{ watermark: 700, lastCompleteListingAt: 1_000 }]);
});

test("a memory that waits for a medium holds it as well", async () => {
  const { run, saved } = runWith(null);
  run.waiting.note("x", 300);
  run.waiting.note("x", 600);
  run.waiting.note("another", 100);
  await advanceWatermark(run, reading());
  expect(saved).toMatchObject([{ watermark: 300 }]);
});

test("a listing that is not whole moves nothing and says why", async () => {
  const { run, saved } = runWith(null);
  await advanceWatermark(run, reading({ truncated: "cut", previous: before }));
  expect(saved).toMatchObject([
    { watermark: 400, lastCompleteListingAt: 500, lastListingCount: 2, truncated: "cut" },
  ]);
  expect(saved[0]?.learnt?.lookedAt).toEqual({});
});

test("only a whole listing counts as a look at its range", async () => {
  const { run, saved } = runWith(null);
  await advanceWatermark(run, reading({ range: "week" }));
  expect(saved[0]?.learnt?.lookedAt).toEqual({ week: 1_000 });
});

test("after the delivery it moves to the listing, as far as nothing is left unfinished", async () => {
  const done = runWith(null, before);
  await settleWatermarks(done.run);
  expect(done.saved).toMatchObject([{ watermark: 500 }]);
  const open = runWith(450, before);
  await settleWatermarks(open.run);
  expect(open.saved).toMatchObject([{ watermark: 450 }]);
  const filtered = runWith(null, before, { since: 0 });
  await settleWatermarks(filtered.run);
  expect(filtered.saved).toEqual([]);
});
