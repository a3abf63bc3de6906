import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { requestBackfill } from "./backfill.ts";

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
