import { expect, test } from "vitest";
import { pendingRows } from "../../test/support/run-context.ts";
import { runRecord } from "../../test/support/run-record.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { newRow } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import {
  activeBackfill,
  cancelBackfill,
  finishBackfill,
  isInSlowLane,
  needsAnotherRun,
  requestBackfill,
} from "./backfill.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 0, 31, 12);
const at = (daysAgo: number) => now - daysAgo * day;
/** One memory a day, `d0` of today. */
const diary = (days: number) =>
  Array.from({ length: days }, (_, ago) =>
    memoryOf(`d${ago}`, { createdAt: new Date(at(ago)).toISOString() }),
  );

/** A source that heeds the range, as real ones do. */
async function backfilling(change = {}) {
  const sync = await quickHarness(
    { queryRange: "week", backfillPerRun: 10, maxInFlight: 4, ...change },
    { startAt: now },
  );
  const all = diary(60);
  const list = sync.source.list.bind(sync.source);
  sync.source.list = (request) => {
    const since = request.scope.kind === "events" ? request.scope.since : Number.NEGATIVE_INFINITY;
    sync.source.memories = all.filter(({ createdAt }) => Date.parse(createdAt) > since);
    return list(request);
  };
  const order: string[] = [];
  sync.sink.onInsert = (record) => {
    order.push(record.fileSource.split("@")[0] ?? "");
    Object.assign(record, { status: "processed", chunks: 1 });
  };
  return {
    ...sync,
    order,
    all,
    pass: (ms: number) => {
      sync.clock.setWallClock(sync.clock.now() + ms);
    },
    ask: (sinceDays: number, untilDays = 0) =>
      requestBackfill(
        sync.state,
        { connectorId: "c", since: at(sinceDays), until: at(untilDays) },
        sync.clock.now(),
      ),
    backfill: () => sync.state.backfills.get("c"),
  };
}

test("old memories are delivered in slices, newest first, over several runs, until all of the span is done", async () => {
  const sync = await backfilling();
  await sync.run();
  expect(sync.order).toHaveLength(7);
  await sync.ask(30);
  const slices: number[] = [];
  for (let run = 1; run <= 4; run += 1) {
    const { outcome, counts } = await sync.run();
    expect(outcome).toBe("success");
    slices.push(counts.processed);
    if (run < 3) expect(counts.waiting).toBeGreaterThan(0);
  }
  expect(slices).toEqual([10, 10, 4, 0]);
  expect(sync.order).toHaveLength(31);
  const backfilled = sync.order.slice(7);
  expect(backfilled.slice(0, 10).toSorted()).toEqual([
    "d10",
    "d11",
    "d12",
    "d13",
    "d14",
    "d15",
    "d16",
    "d7",
    "d8",
    "d9",
  ]);
  expect(backfilled).toContain("d30");
  expect(backfilled).not.toContain("d31");
  expect((await sync.backfill())?.finishedAt).not.toBeNull();
});

test("new memories go before old ones in every run", async () => {
  const sync = await backfilling();
  await sync.run();
  await sync.ask(40);
  await sync.run();
  sync.all.push(memoryOf("new", { createdAt: new Date(at(0) + 1000).toISOString() }));
  sync.order.length = 0;
  await sync.run();
  expect(sync.order[0]).toBe("new");
  expect(sync.order).toHaveLength(11);
});

test("the source is read as a whole once; other runs keep to their range, and nothing older than asked for comes in", async () => {
  const sync = await backfilling();
  await sync.run();
  await sync.ask(40);
  for (let run = 1; run <= 5; run += 1) await sync.run();
  // The first "all" counts what lies outside of the range.
  expect(sync.source.ranges).toEqual(["week", "all", "week", "all", "week", "week", "week", "week"]);
  expect(sync.order).toHaveLength(41);
  expect(sync.order).not.toContain("d41");
});

test("a backfill shares the day's budget", async () => {
  const budget = { documents: 12, characters: null, tokens: null };
  const sync = await backfilling({ budget });
  await sync.run();
  await sync.ask(30);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 5, waiting: 19 } });
  expect(await sync.run()).toMatchObject({ counts: { processed: 0, waiting: 19 } });
  sync.pass(day);
  expect(await sync.run()).toMatchObject({ counts: { processed: 10 } });
});

test("a list that was cut off is read again, and a run that is cut short is taken up", async () => {
  const sync = await backfilling();
  await sync.run();
  await sync.ask(30);
  sync.source.truncated = { reason: "full" };
  expect((await sync.run()).outcome).toBe("partial");
  expect((await sync.backfill())?.listedAt).toBeNull();
  sync.source.truncated = null;
  const cut = new AbortController();
  const insert = sync.sink.onInsert;
  sync.sink.onInsert = (record) => {
    insert(record);
    cut.abort();
  };
  await sync.run({}, cut.signal);
  sync.sink.onInsert = insert;
  for (let run = 1; run <= 4; run += 1) await sync.run();
  expect(new Set(sync.order).size).toBe(31);
  expect((await sync.backfill())?.finishedAt).not.toBeNull();
});

test("what is asked for while a backfill is under way is added to it", async () => {
  const sync = await backfilling();
  await sync.ask(20, 10);
  await sync.ask(30, 15);
  expect(await sync.backfill()).toMatchObject({ since: at(30), until: at(10), listedAt: null });
});

const asked = { connectorId: "c", since: 100, until: 200, requestedAt: 0, listedAt: 1, finishedAt: null };
const rowAt = (memoryCreatedAt: number | null, change: Partial<LedgerRow> = {}): LedgerRow => ({
  ...newRow({ connectorId: "c", contextId: "CTX", memoryId: "m" }, "f", 0),
  memoryCreatedAt,
  ...change,
});

test.each([
  [99, false],
  [100, true],
  [200, true],
  [201, false],
  [null, false],
])("a memory of time %s is in the slow lane of a backfill from 100 to 200: %s", (time, isSlow) => {
  expect(isInSlowLane(asked, rowAt(time))).toBe(isSlow);
  expect(isInSlowLane(asked, rowAt(time, { documentId: "d" }))).toBe(false);
  expect(isInSlowLane(null, rowAt(time))).toBe(false);
});

test("a backfill is active until it is finished, and a new one does not grow by an old one", async () => {
  const { state } = await quickHarness();
  expect(await activeBackfill(state, "c")).toBeNull();
  await state.backfills.save(asked);
  expect(await activeBackfill(state, "c")).toEqual(asked);
  await state.backfills.save({ ...asked, finishedAt: 5 });
  expect(await activeBackfill(state, "c")).toBeNull();
  expect(await requestBackfill(state, { connectorId: "c", since: 150, until: 160 }, 7)).toEqual({
    connectorId: "c",
    since: 150,
    until: 160,
    requestedAt: 7,
    listedAt: null,
    finishedAt: null,
  });
});

test("a connector that is at work is not asked for more", async () => {
  const { state } = await quickHarness();
  const lock = await state.lockConnector("c");
  await expect(requestBackfill(state, asked, 0)).rejects.toMatchObject({ code: "CONNECTOR_LOCKED" });
  await lock.release();
  await requestBackfill(state, asked, 0);
  await (await state.lockConnector("c")).release();
});

test.each<[string, (number | null)[], number | null, boolean]>([
  ["nothing waits", [], 1, true],
  ["nothing of its span waits", [99, 201], 1, true],
  ["the oldest of its span waits", [99, 100, 201], 1, false],
  ["the newest of its span waits", [200, 201], 1, false],
  ["its span was not listed yet", [], null, false],
  ["what waits has no time", [null], 1, true],
])("when %s (%j), a backfill is finished or goes on", async (_, times, listedAt, isFinished) => {
  const sync = await quickHarness();
  const rows = await pendingRows(
    sync,
    times.map((_, index) => memoryOf(`m${index}`)),
  );
  await sync.state.saveRows(rows.map((row, index) => ({ ...row, memoryCreatedAt: times[index] ?? null })));
  await finishBackfill(sync, { ...asked, listedAt });
  expect((await sync.state.backfills.get("c"))?.finishedAt ?? null).toBe(
    isFinished ? sync.clock.now() : null,
  );
});

test("a backfill that is cancelled delivers no more, takes nothing back, and loses nothing of the connector's own range", async () => {
  const sync = await backfilling();
  await sync.run();
  await sync.ask(30);
  await sync.run();
  sync.all.push(memoryOf("new", { createdAt: new Date(at(0) + 1000).toISOString() }));
  expect(sync.order).toHaveLength(17);
  const cancelled = await cancelBackfill(sync.state, "c", "week", sync.clock.now());
  expect(cancelled).toMatchObject({ backfill: { finishedAt: sync.clock.now() }, forgotten: 14 });
  for (let run = 1; run <= 2; run += 1) expect((await sync.run()).outcome).toBe("success");
  expect(sync.order.slice(17)).toEqual(["new"]);
  expect(await cancelBackfill(sync.state, "c", "week", sync.clock.now())).toBeNull();
  await sync.ask(30);
  for (let run = 1; run <= 4; run += 1) await sync.run();
  expect(new Set(sync.order).size).toBe(32);
  expect(sync.order).toHaveLength(32);
});

test("notes that waited in a group when their backfill was cancelled are delivered by the next one", async () => {
  const sync = await quickHarness(
    { queryRange: "week", backfillPerRun: 1 },
    { startAt: now, merge: { maxCharacters: 40 } },
  );
  sync.source.memories = ["a", "b", "c", "d"].map((id, index) =>
    memoryOf(id, { createdAt: new Date(at(20 + Math.floor(index / 2))).toISOString() }),
  );
  const asks = () =>
    requestBackfill(sync.state, { connectorId: "c", since: at(30), until: now }, sync.clock.now());
  await asks();
  await sync.run();
  expect((await cancelBackfill(sync.state, "c", "week", sync.clock.now()))?.forgotten).toBe(2);
  await asks();
  await sync.run();
  await sync.run();
  const texts = Array.from(sync.sink.documents.values(), ({ text }) => text).join();
  for (const id of ["a", "b", "c", "d"]) expect(texts).toContain(`what ${id} says`);
});

test.each([
  ["asked for first by the service", [true, false], true],
  ["asked for again by the service", [false, true], true],
  ["never asked for by the service", [false, false], undefined],
])("who runs a backfill that has grown: %s", async (_, asked, byService) => {
  const { state, backfill } = await backfilling();
  for (const [days, each] of asked.entries())
    await requestBackfill(state, { connectorId: "c", since: at(9 + days), until: now, byService: each }, now);
  const grown = await backfill();
  expect([grown?.since, grown?.byService]).toEqual([at(10), byService]);
});

test("one that a service has finished says nothing of the next", async () => {
  const { state, backfill, ask } = await backfilling();
  await requestBackfill(state, { connectorId: "c", since: at(9), until: now, byService: true }, now);
  await state.backfills.save({ ...(await backfill())!, finishedAt: now });
  await ask(5);
  expect((await backfill())?.byService).toBeUndefined();
});

test("a backfill is not cancelled while a run is at work", async () => {
  const { state } = await backfilling();
  const lock = await state.lockConnector("c");
  await expect(cancelBackfill(state, "c", "week", now)).rejects.toMatchObject({ code: "CONNECTOR_LOCKED" });
  await lock.release();
});

test.each([
  ["a run that delivered some of it is followed", { counts: { processed: 3 } }, {}, true],
  ["one that delivered none is not", { counts: { processed: 0 } }, {}, false],
  ["one that began before it was asked for is", { counts: { processed: 0 }, startedAt: 4 }, {}, true],
  [
    "one from before the clock was set back is not",
    { counts: { processed: 0 }, startedAt: 4 },
    { requestedAt: 8 },
    false,
  ],
  ["one that failed is not", { counts: { processed: 3 }, outcome: "failed" as const }, {}, false],
  ["one that was cancelled is not", { counts: { processed: 3 }, outcome: "cancelled" as const }, {}, false],
  ["nor is any when all is done", { counts: { processed: 3 } }, { finishedAt: 9 }, false],
])("%s", (_, run, change, follows) => {
  const last = runRecord({ outcome: "success", startedAt: 6, ...run });
  expect(needsAnotherRun({ ...asked, requestedAt: 5, ...change }, last, 7)).toBe(follows);
});
