import { expect, test } from "vitest";
import { memoryOf, plainEnrichment, quickHarness } from "../../../test/support/sync-harness.ts";
import type { SyncEvents } from "../events.ts";
import type { DayBudget } from "../sync-settings.ts";
import { estimateTokens } from "./estimate-tokens.ts";

const unlimited: DayBudget = { documents: null, characters: null, tokens: null };
const day = 86_400_000;
const lines = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    memoryOf(`m${String(at).padStart(2, "0")}`, {
      createdAt: new Date(Date.UTC(2025, 0, 1 + at)).toISOString(),
    }),
  );

async function budgeted(budget: Partial<DayBudget>, change = {}) {
  const sync = await quickHarness(
    { budget: { ...unlimited, ...budget }, maxInFlight: 4, ...change },
    { startAt: Date.UTC(2026, 0, 1, 12) },
  );
  const told: SyncEvents["run:budget-spent"][] = [];
  sync.events.on("run:budget-spent", (event) => told.push(event));
  const delivered = () => [...sync.sink.texts().keys()].map((name) => name.split("@")[0]).sort();
  const nextDay = () => {
    sync.clock.setWallClock(sync.clock.now() + day);
  };
  return { ...sync, told, delivered, nextDay };
}

test("a budget of documents lets the newest memories through each day and says what waits", async () => {
  const sync = await budgeted({ documents: 6 });
  sync.source.memories = lines(10);
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { new: 10, processed: 6, waiting: 4, failed: 0 },
  });
  expect(sync.delivered()).toEqual(["m04", "m05", "m06", "m07", "m08", "m09"]);
  expect(sync.told).toMatchObject([{ waiting: 4 }]);
  expect(await sync.run()).toMatchObject({ counts: { submitted: 0, waiting: 4 } });
  expect(sync.told).toHaveLength(2);
  sync.nextDay();
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 4, waiting: 0 } });
  expect(await sync.state.budgets.get("c")).toMatchObject({ documents: 4, spentOut: null });
});

test("memories that come later on a spent day wait, and go first on the next", async () => {
  const sync = await budgeted({ documents: 2 });
  sync.source.memories = lines(4);
  await sync.run();
  sync.source.memories = lines(5);
  expect(await sync.run()).toMatchObject({ counts: { new: 1, submitted: 0, waiting: 3 } });
  sync.nextDay();
  await sync.run();
  expect(sync.delivered()).toEqual(["m01", "m02", "m03", "m04"]);
});

test("characters and estimated tokens are limited as well", async () => {
  const text = await (async () => {
    const sync = await budgeted({});
    sync.source.memories = lines(1);
    await sync.run();
    return [...sync.sink.texts().values()][0] ?? "";
  })();
  for (const budget of [{ characters: text.length * 3 + 1 }, { tokens: estimateTokens(text) * 3 + 1 }]) {
    const sync = await budgeted(budget);
    sync.source.memories = lines(5);
    expect(await sync.run()).toMatchObject({ counts: { processed: 3, waiting: 2 } });
  }
});

test("an update that today's budget has no room for leaves its old document in LightRAG", async () => {
  const sync = await budgeted({ documents: 3 });
  sync.source.memories = lines(3);
  await sync.run();
  sync.nextDay();
  sync.source.memories = lines(3).map((memory) => ({ ...memory, transcript: `${memory.id} anew` }));
  const budget = { connectorId: "c", day: "", documents: 2, characters: 0, tokens: 0, spentOut: null };
  const today = new Date(sync.clock.now()).toISOString().slice(0, 10);
  await sync.state.budgets.save({ ...budget, day: today });
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { deleted: 1, processed: 1, waiting: 2 },
  });
  expect([...sync.sink.texts().values()].filter((text) => text.includes("anew"))).toHaveLength(1);
  expect(sync.sink.texts().size).toBe(3);
});

test("a removal costs nothing and is not held up by a spent budget", async () => {
  const sync = await budgeted({ documents: 3 });
  sync.source.memories = lines(3);
  await sync.run();
  sync.source.memories = lines(3).map((memory, at) => (at === 0 ? { ...memory, transcript: " " } : memory));
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { deleted: 1, waiting: 0 } });
});

test("a document that no day has room for becomes a dead letter and holds nothing up", async () => {
  const sync = await budgeted({ characters: 1_000 });
  sync.source.memories = lines(3).map((memory, at) =>
    at === 2 ? { ...memory, transcript: "long ".repeat(400) } : memory,
  );
  expect(await sync.run()).toMatchObject({
    outcome: "partial",
    counts: { processed: 2, dead: 1 },
    errors: [{ code: "BUDGET_TOO_SMALL", examples: ["m02"] }],
  });
});

test("a run that is cut short has paid for no more than was in flight, and never goes beyond the budget", async () => {
  const sync = await budgeted({ documents: 8 });
  sync.source.memories = lines(20);
  const cut = new AbortController();
  let inserts = 0;
  sync.sink.onInsert = (record) => {
    inserts += 1;
    if (inserts === 6) cut.abort();
    Object.assign(record, { status: "processed", chunks: 1 });
  };
  await sync.run({}, cut.signal);
  await sync.run();
  expect(inserts).toBeLessThanOrEqual(8);
  expect(inserts).toBeGreaterThanOrEqual(8 - 4);
  expect(await sync.state.budgets.get("c")).toMatchObject({ documents: 8 });
});

test("the day begins at midnight of the connector's time zone", async () => {
  const sync = await budgeted({ documents: 1 }, { timezone: "Pacific/Kiritimati" });
  sync.source.memories = lines(2);
  await sync.run();
  const spent = await sync.state.budgets.get("c");
  const there = new Date(sync.clock.now() + 14 * 3_600_000).toISOString().slice(0, 10);
  expect(spent?.day).toBe(there);
});

test("a run tells whoever reads media how many documents may still be sent today", async () => {
  const asked: (number | undefined)[] = [];
  const forRun: typeof plainEnrichment.forRun = (report, options) => ({
    enrich: async (...memory) => {
      asked.push(await options?.documentsLeft?.());
      return plainEnrichment.forRun(report).enrich(...memory);
    },
  });
  const settings = { budget: { ...unlimited, documents: 2 } };
  const sync = await quickHarness(settings, { enrichment: { ...plainEnrichment, forRun } });
  sync.source.memories = [memoryOf("a")];
  await sync.run();
  sync.source.memories = [memoryOf("b")];
  await sync.run();
  expect(asked).toEqual([2, 1]);
});
