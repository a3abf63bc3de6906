import { describe, expect, test } from "vitest";
import { runContext } from "../../../test/support/run-context.ts";
import { memoryOf, plainEnrichment, quickHarness } from "../../../test/support/sync-harness.ts";
import { applyEvent } from "../../domain/ledger.ts";
import { type Memory, withFacts } from "../../domain/memory.ts";
import type { MemoryFacts } from "../../domain/memory-facts.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import { ChangeGuard } from "../guards/change-guard.ts";
import { keyOf } from "../memory-key.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { OldestWaiting } from "./discover-parts.ts";
import { ingestPage } from "./ingest-page.ts";

const scope = { connectorId: "c", contextId: "CTX" };
const now = Date.UTC(2026, 0, 1);
const recent = { createdAt: new Date(now - 1).toISOString() };

interface WorldOptions {
  run?: Partial<RunOptions>;
  settings?: Partial<SyncSettings>;
  facts?: Partial<MemoryFacts>;
  merge?: { maxCharacters: number };
}

/** A run that is shown parts of a listing; its enricher gives the facts. */
async function listing({ run: options, settings = {}, facts = {}, merge }: WorldOptions = {}) {
  let lookedAt = 0;
  let most = 0;
  const enrich = async (_contextId: string, memory: Memory) => {
    lookedAt += 1;
    most = Math.max(most, lookedAt);
    await new Promise(setImmediate);
    lookedAt -= 1;
    return withFacts(memory, facts);
  };
  const enrichment = { ...plainEnrichment, forRun: () => ({ enrich }) };
  const sync = await quickHarness(settings, { enrichment, startAt: now, ...(merge && { merge }) });
  const run = await runContext(sync, options);
  const guard = new ChangeGuard(run);
  const show = (memories: Memory[], more: Partial<MemoryPage> = {}) =>
    ingestPage(
      run,
      scope,
      { memories, malformed: [], truncated: null, ...more },
      { guard, report: run.report },
      run.signal,
    );
  const rows = async () => (await sync.state.pageRows(scope, { limit: 1_000 })).rows;
  return { ...sync, run, guard, show, rows, lookedAtOnce: () => most };
}

type World = Awaited<ReturnType<typeof listing>>;

/** The memory has been delivered. */
async function deliver({ state, row }: World, memoryId: string) {
  const events = [
    { type: "submit", documentId: "d", contentHash: (await row(memoryId)).contentHash ?? "" },
    { type: "accepted", documentId: "d", trackId: "t" },
    { type: "proved", documentId: "d" },
  ] as const;
  for (const event of events) await state.saveRows([applyEvent(await row(memoryId), event, now)]);
}

test("everything that a page shows is counted, and whoever looks on is told how much there is to do", async () => {
  const { show, run, events } = await listing();
  const told: unknown[] = [];
  events.on("run:progress", (event) => told.push(event));
  const malformed = [{ id: "x", problems: ["no"], excerpt: "{}", fingerprint: "f" }];
  await show([memoryOf("a"), memoryOf("b"), memoryOf("2025-01-01~no-place")], { malformed });
  await show([memoryOf("a", { transcript: "changed" })]);
  expect(run.report.counts).toMatchObject({ fetched: 5, new: 2, changed: 1, malformed: 2 });
  expect(told[1]).toEqual({
    runId: "r",
    connectorId: "c",
    phase: "discover",
    counts: run.report.counts,
    done: 0,
    total: 3,
  });
});

test("what a person has not asked for is not taken up, and not counted", async () => {
  const { show, run, rows } = await listing({ run: { filter: { ids: new Set(["a"]) } } });
  await show([memoryOf("a"), memoryOf("b"), memoryOf("2025-01-01~no-place")]);
  expect(run.report.counts).toMatchObject({ fetched: 1, malformed: 0 });
  expect((await rows()).map(({ memoryId }) => memoryId)).toEqual(["a"]);
});

test("a long page is written in steps, and not too many memories are looked into at once", async () => {
  const { show, state, rows, lookedAtOnce } = await listing();
  const asked: number[] = [];
  const getRows = state.getRows.bind(state);
  state.getRows = (of, ids) => {
    asked.push(ids.length);
    return getRows(of, ids);
  };
  await show(Array.from({ length: 200 }, (_, at) => memoryOf(`m${at}`)));
  expect(asked.filter((count) => count > 0)).toEqual([100, 100]);
  expect(asked).toHaveLength(3);
  expect(await rows()).toHaveLength(200);
  expect(lookedAtOnce()).toBe(16);
});

test("a run that is cancelled looks into nothing more", async () => {
  const world = await listing();
  const stop = new AbortController();
  stop.abort(new Error("stop"));
  const shown = { memories: [memoryOf("a")], malformed: [], truncated: null };
  const { run, guard } = world;
  await expect(ingestPage(run, scope, shown, { guard, report: run.report }, stop.signal)).rejects.toThrow(
    "stop",
  );
  expect(await world.rows()).toEqual([]);
});

test("an id that came with several contents is named in the report", async () => {
  const { show, run } = await listing();
  await show([memoryOf("a")], { ambiguous: ["a"] });
  expect(run.report.toRecord("success", 0).errors).toMatchObject([
    {
      code: "MEMORY_AMBIGUOUS",
      message: 'memory "a" came with different contents in one list',
      count: 1,
      examples: ["a"],
    },
  ]);
});

test("a memory of which something cannot be read is carried, and named in the report", async () => {
  const { show, run, rows } = await listing();
  await show([memoryOf("a")], { doubts: [{ id: "a", problem: 'a.md: its `date` "soon" is no time' }] });
  expect(await rows()).toHaveLength(1);
  expect(run.report.toRecord("success", 0).errors).toMatchObject([
    { code: "MEMORY_IN_DOUBT", message: 'a.md: its `date` "soon" is no time', count: 1, examples: ["a"] },
  ]);
});

describe("where a repair reads more than the connector's range", () => {
  const old = memoryOf("a", { createdAt: "2020-01-01T00:00:00Z" });
  const wholeSource = true;
  const week = { queryRange: "week" } as const;

  test.each<[string, Partial<RunOptions>, Partial<SyncSettings>, Memory, number]>([
    ["one that lies outside is left alone", { wholeSource }, week, old, 0],
    ["one that lies inside is taken up", { wholeSource }, week, memoryOf("a", recent), 1],
    ["nothing lies outside of everything", { wholeSource }, { queryRange: "auto" }, old, 1],
    [
      "one that LightRAG holds is taken up",
      { wholeSource, adopt: new Set([keyOf({ ...scope, memoryId: "a" })]) },
      week,
      old,
      1,
    ],
    [
      "one that it does not hold is not",
      { wholeSource, adopt: new Set([keyOf({ ...scope, memoryId: "b" })]) },
      week,
      old,
      0,
    ],
    ["and an ordinary run takes what the source shows it", {}, week, old, 1],
  ])("%s", async (_, run, settings, memory, taken) => {
    const { show, rows } = await listing({ run, settings });
    await show([memory]);
    expect(await rows()).toHaveLength(taken);
  });

  test("what the ledger knows is taken up wherever it lies", async () => {
    const { show, run, row } = await listing({ settings: week });
    await show([old]);
    run.options.wholeSource = true;
    await show([{ ...old, transcript: "changed" }]);
    expect((await row("a")).payload?.transcript).toBe("changed");
  });
});

describe("a delivered memory", () => {
  async function delivered(options: WorldOptions = {}) {
    const world = await listing(options);
    await world.show([memoryOf("a")]);
    await deliver(world, "a");
    return world;
  }

  test("that is shown as it was is known to be held, and counts for the brake", async () => {
    const { show, run, guard, row } = await delivered();
    expect(run.known.first).toBeNull();
    const before = await row("a");
    await show([memoryOf("a")]);
    expect(run.known.first).toMatchObject({ row: { memoryId: "a" }, memory: { id: "a" } });
    expect(guard.removalsOf("CTX")).toEqual({ withdrawn: 0, delivered: 1 });
    expect(await row("a")).toEqual(before);
    expect(run.report.counts).toMatchObject({ new: 1, unchanged: 1, changed: 0, skipped: 0 });
  });

  test("that is shown changed is not known to be held", async () => {
    const { show, run } = await delivered();
    await show([memoryOf("a", { transcript: "changed" })]);
    expect(run.known.first).toBeNull();
  });

  test("that is shown in another form with the same text is remembered in that form, and nothing else", async () => {
    const { show, row, enrichment } = await delivered();
    const touched = memoryOf("a", { updatedAt: "2025-02-01T00:00:00Z" });
    const before = await row("a");
    await show([touched]);
    const { version, sourceHash, ...after } = await row("a");
    expect(sourceHash).toBe(enrichment.sourceHash(touched));
    expect(version).toBe(before.version + 1);
    expect(before).toMatchObject(after);
  });

  test("of which something could not be found out is left as it is, to be looked into again", async () => {
    const world = await delivered({ facts: { provisional: true } });
    const before = await world.row("a");
    expect(before.sourceHash).toBeNull();
    await world.show([memoryOf("a")]);
    expect(await world.row("a")).toEqual(before);
  });
});

const pending = { pendingMedia: true };

test.each<[string, Memory, WorldOptions, object, number]>([
  ["a text", memoryOf("a"), {}, { status: "pending", groupKey: null }, 0],
  [
    "a note of a group",
    memoryOf("a"),
    { merge: { maxCharacters: 99 } },
    { status: "skipped", skipReason: "merged", groupKey: "2025-01-01~no-place" },
    0,
  ],
  [
    "nothing to say",
    memoryOf("a", { transcript: "" }),
    {},
    { status: "skipped", skipReason: "empty_transcript", groupKey: null },
    1,
  ],
  [
    "a medium to wait for",
    memoryOf("a"),
    { facts: pending },
    { status: "skipped", skipReason: "pending_media", groupKey: null },
    1,
  ],
])("a new memory with %s has a row that says so", async (_, memory, options, expected, skipped) => {
  const { show, run, row, enrichment } = await listing(options);
  await show([memory]);
  const content = { fileSource: "a@CTX.md", sourceHash: enrichment.sourceHash(memory) };
  expect(await row("a")).toMatchObject({ ...expected, ...content, firstSeenAt: now, version: 1 });
  expect(run.report.counts).toMatchObject({ new: 1, skipped });
});

describe("a memory that waits for a medium", () => {
  const at = Date.parse("2025-01-01T00:00:00Z");

  test("is waited for since its own time, whether it is new or shown once more", async () => {
    const { show, run, guard } = await listing({ facts: { ...pending, provisional: true } });
    await show([memoryOf("a")]);
    expect(run.waiting.of("CTX")).toBe(at);
    const next = { ...run, waiting: new OldestWaiting() };
    const page = { memories: [memoryOf("a")], malformed: [], truncated: null };
    await ingestPage(next, scope, page, { guard, report: run.report }, run.signal);
    expect(next.waiting.of("CTX")).toBe(at);
    expect(run.report.counts).toMatchObject({ new: 1, unchanged: 1, skipped: 1 });
  });

  test("is the only one that is waited for", async () => {
    const { show, run } = await listing({ facts: { provisional: true } });
    await show([memoryOf("a"), memoryOf("b", { transcript: "" })]);
    await show([memoryOf("a"), memoryOf("b", { transcript: "" })]);
    expect(run.waiting.of("CTX")).toBe(Number.POSITIVE_INFINITY);
    expect(run.report.counts).toMatchObject({ new: 2, unchanged: 2, skipped: 1 });
  });

  test.each([
    ["was delivered before", "processed", false],
    ["failed before", "failed", false],
    ["was skipped before", "skipped", true],
    ["was deleted before", "deleted", true],
  ] as const)("and %s keeps what LightRAG holds of it", async (_, status, isTaken) => {
    const facts: Partial<MemoryFacts> = {};
    const world = await listing({ facts });
    await world.show([memoryOf("a")]);
    const [before] = await world.state.saveRows([{ ...(await world.row("a")), status }]);
    Object.assign(facts, pending);
    await world.show([memoryOf("a", { transcript: "changed" })]);
    const row = await world.row("a");
    if (isTaken) expect(row).toMatchObject({ status: "skipped", skipReason: "pending_media" });
    else expect(row).toEqual(before);
  });
});

test("a memory that was delivered and says nothing any more is held back until everything was read", async () => {
  const world = await listing();
  await world.show([memoryOf("a")]);
  await deliver(world, "a");
  await world.show([memoryOf("a", { transcript: "" })]);
  expect((await world.row("a")).status).toBe("processed");
  await world.guard.release(new Set());
  expect(await world.row("a")).toMatchObject({ status: "deleting", skipReason: "empty_transcript" });
});
