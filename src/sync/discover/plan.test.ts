import { describe, expect, test } from "vitest";
import { pendingRows } from "../../../test/support/run-context.ts";
import { memoryOf, plainEnrichment, quickHarness, testSettings } from "../../../test/support/sync-harness.ts";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import { InMemorySource } from "../../sources/in-memory/in-memory-source.ts";
import { estimateTokens } from "../guards/estimate-tokens.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { planRun } from "./plan.ts";

const { signal } = new AbortController();
const unnamed: MalformedMemory = { id: null, problems: ["no id"], excerpt: "", fingerprint: "f" };
const silent = (id: string) => memoryOf(id, { transcript: "" });
const edited = (id: string) => memoryOf(id, { transcript: "something else" });

/** A connector that has delivered these memories, and what a run of it would do. */
async function planning(delivered: readonly Memory[], settings: Partial<SyncSettings> = {}, merging = false) {
  const sync = await quickHarness(settings, merging ? { merge: { maxCharacters: 40 } } : {});
  sync.source.memories = [...delivered];
  if (delivered.length > 0) await sync.run();
  const plan = (request: Partial<Pick<RunOptions, "force" | "filter">> = {}) =>
    planRun(sync, sync.settings, { force: false, filter: {}, ...request }, signal);
  const textOf = (memory: Memory) => {
    const written = sync.transformer.write("CTX", memory);
    return written.kind === "document" ? written.text : "";
  };
  return { ...sync, plan, textOf };
}

test("a plan names what of memories cannot be read, the first ones", async () => {
  const sync = await planning([]);
  sync.source.memories = [memoryOf("a")];
  sync.source.malformed = Array.from({ length: 4 }, (_, n) => ({ ...unnamed, fingerprint: `f${n}` }));
  const list = sync.source.list.bind(sync.source);
  const doubts = ["x", "y"].map((problem) => ({ id: "a", problem }));
  sync.source.list = async function* (request) {
    for await (const page of list(request)) yield { ...page, doubts };
  };
  const plan = await sync.plan();
  expect(plan.problems).toEqual(["no id", "no id", "no id", "no id", "x"]);
  expect(plan).toMatchObject({ new: 1, malformed: 4 });
});

test("a plan tells what is new, changed, unchanged, skipped and malformed, and changes nothing", async () => {
  const sync = await planning([memoryOf("a"), memoryOf("b")]);
  sync.source.memories = [memoryOf("a"), edited("b"), memoryOf("new"), silent("mute")];
  sync.source.malformed = [unnamed];
  const before = await sync.state.pageRows({ connectorId: "c" }, { limit: 10 });
  const texts = [sync.textOf(edited("b")), sync.textOf(memoryOf("new"))] as const;
  expect(await sync.plan()).toEqual({
    connectorId: "c",
    fetched: 5,
    new: 2,
    changed: 1,
    unchanged: 1,
    skipped: 1,
    outdated: 0,
    malformed: 1,
    problems: ["no id"],
    pending: 0,
    waiting: 0,
    documents: 2,
    characters: texts[0].length + texts[1].length,
    estimatedTokens: estimateTokens(texts[0]) + estimateTokens(texts[1]),
    truncated: null,
    queryRange: "auto",
    outside: 0,
    notFound: [],
    notDelivered: [],
    brakes: [],
    budget: null,
    media: 0,
    mediaHeld: null,
  });
  expect(await sync.state.pageRows({ connectorId: "c" }, { limit: 10 })).toEqual(before);
});

test("with force all that is delivered counts as changed", async () => {
  const sync = await planning([memoryOf("a"), memoryOf("b")]);
  expect(await sync.plan({ force: true })).toMatchObject({ changed: 2, documents: 2 });
  expect(await sync.plan()).toMatchObject({ changed: 0, documents: 0 });
});

test("an empty source makes an empty plan", async () => {
  const sync = await planning([]);
  expect(await sync.plan()).toMatchObject({ fetched: 0, new: 0, documents: 0, estimatedTokens: 0 });
});

test("what waits from earlier runs is counted once, also when the source shows it changed", async () => {
  const sync = await planning([]);
  await pendingRows(sync, [memoryOf("a"), memoryOf("b")]);
  sync.source.memories = [edited("a"), memoryOf("b")];
  expect(await sync.plan()).toMatchObject({
    waiting: 2,
    changed: 1,
    unchanged: 1,
    documents: 2,
    characters: sync.textOf(memoryOf("a")).length + sync.textOf(memoryOf("b")).length,
  });
});

test("the notes of a group make one document in each context", async () => {
  const sync = await planning([], { contextIds: ["CTX", "TWO"] }, true);
  sync.source.memories = ["a", "b"].map((id) => memoryOf(id));
  expect(await sync.plan()).toMatchObject({ new: 4, documents: 2 });
});

test("a group that is divided counts as many documents as a run makes of it", async () => {
  const sync = await planning([], { mergeDocumentCharacters: 1_000 }, true);
  sync.source.memories = Array.from({ length: 40 }, (_, at) => memoryOf(`n${at}`));
  const { documents } = await sync.plan();
  expect(documents).toBeGreaterThan(3);
  expect(await sync.run()).toMatchObject({ counts: { submitted: documents } });
});

test("a list that may be incomplete is told so, whichever context it is of", async () => {
  const sync = await planning([], { contextIds: ["CTX", "TWO"] });
  sync.source.beforeList = (listings) => {
    sync.source.truncated = listings === 1 ? { reason: "cut off" } : null;
  };
  expect((await sync.plan()).truncated).toBe("cut off");
});

describe("a filter", () => {
  test("leaves only what passes it, and names what the source does not show", async () => {
    const sync = await planning([]);
    sync.source.memories = ["a", "b"].map((id) => memoryOf(id));
    const plan = await sync.plan({ filter: { ids: new Set(["a", "x"]) } });
    expect(plan).toMatchObject({ fetched: 1, new: 1, documents: 1, notFound: ["x"] });
    expect(sync.source.ranges).toEqual(["all"]);
  });
});

describe("what lies outside of the range", () => {
  test.each([
    ["week", 1, ["week", "all"]],
    ["auto", 0, ["all"]],
    ["all", 0, ["all"]],
  ] as const)("is counted with %s as %d", async (queryRange, outside, ranges) => {
    const sync = await planning([], { queryRange });
    sync.source.beforeList = (listings) => {
      sync.source.memories = listings === 1 ? [memoryOf("a")] : [memoryOf("a"), memoryOf("old")];
    };
    expect(await sync.plan()).toMatchObject({ queryRange, outside, new: 1 });
    expect(sync.source.ranges).toEqual(ranges);
  });
});

describe("a source is asked as a run would ask it", () => {
  test("only for what has changed, where that is enough", async () => {
    const sync = await quickHarness();
    const source = new InMemorySource();
    source.put("CTX", memoryOf("a"), memoryOf("b"));
    const { run } = sync.with({ source });
    await run();
    source.put("CTX", memoryOf("new"));
    source.announce("CTX", { id: "soon", at: null });
    const plan = await planRun({ ...sync, source }, sync.settings, { force: false, filter: {} }, signal);
    expect(plan).toMatchObject({ fetched: 1, new: 1, unchanged: 0, pending: 1, documents: 1 });
    expect((await run()).counts).toMatchObject({ fetched: 1, new: 1, processed: 1 });
  });

  test.each([
    ["is not sent and counted as outside", {}, { new: 1, outside: 1, documents: 1 }],
    ["is sent when it is named", { ids: new Set(["old"]) }, { new: 1, outside: 0, documents: 1 }],
  ])(
    "for everything, where lists cannot be narrowed; what is older than the range %s",
    async (_, filter, counts) => {
      const sync = await planning([], { queryRange: "week" });
      const { since, ...capabilities } = sync.source.capabilities;
      sync.source.capabilities = { ...capabilities, since: { ...since, by: "none" } };
      sync.source.memories = [memoryOf("a"), memoryOf("old", { createdAt: "2001-01-01T00:00:00Z" })];
      expect(await sync.plan({ filter })).toMatchObject(counts);
      const record = await sync.run({ filter });
      expect(record.counts).toMatchObject({ new: 1, processed: 1 });
      expect(record.scope?.outside ?? 0).toBe(counts.outside);
    },
  );
});

describe("what would be held", () => {
  const many = (transcript: string) =>
    Array.from({ length: 12 }, (_, at) =>
      memoryOf(`m${String(at).padStart(2, "0")}`, { transcript, createdAt: `2025-01-${10 + at}T10:00:00Z` }),
    );

  test("by the brake on sending again is told with its hint, and a run is held by the same", async () => {
    const sync = await planning(many("before"));
    sync.source.memories = many("after");
    const { brakes } = await sync.plan();
    expect(brakes).toMatchObject([{ code: "RUN_HELD", hint: expect.stringContaining("--accept-resend") }]);
    const { errors } = await sync.run();
    expect(errors).toMatchObject(brakes);
    sync.source.memories = [...many("before"), memoryOf("new")];
    expect((await sync.plan()).brakes).toEqual([]);
  });

  test("by the brake on removals is told: memories that are gone, and those that lost their words", async () => {
    const deletions = {
      ...testSettings.deletions,
      policy: "propagate" as const,
      maxPercent: 10,
      alwaysAllowed: 1,
    };
    const sync = await planning(many("before"), { queryRange: "all", deletions });
    sync.source.memories = many("before").slice(0, 6);
    expect((await sync.plan()).brakes).toMatchObject([{ code: "DELETIONS_SUSPECT" }]);
    sync.source.memories = many("");
    expect((await sync.plan()).brakes).toMatchObject([{ code: "DELETIONS_SUSPECT" }]);
    sync.source.memories = many("before").slice(0, 11);
    expect((await sync.plan()).brakes).toEqual([]);
    const ignoring = await planning(many("before"), {
      deletions: { ...deletions, policy: "ignore", maxPercent: 20 },
    });
    ignoring.source.memories = [...many("").slice(0, 2), ...many("before").slice(2)];
    expect((await ignoring.plan()).brakes).toEqual([]);
  });

  test("by today's budget is told as a run holds it: the newest go first, what is too large for a day is named", async () => {
    const budget = { documents: 5, characters: 1_000, tokens: null };
    const sync = await planning([], { budget });
    sync.source.memories = [
      ...many("short"),
      memoryOf("large", { transcript: "x".repeat(2_000), createdAt: "2025-02-01T10:00:00Z" }),
    ];
    const left = { documents: 5, characters: 1_000, tokens: null };
    const { budget: planned } = await sync.plan();
    expect(planned).toMatchObject({ left, tooLarge: 1 });
    const { counts } = await sync.run();
    expect([counts.waiting, counts.dead]).toEqual([planned?.held, 1]);
    expect((await sync.plan()).budget).toMatchObject({
      left: { documents: 5 - counts.processed },
      held: counts.waiting,
    });
  });
});

test("the media that a model would read are counted, and none is read", async () => {
  const enrichment = { ...plainEnrichment, mediaOf: ({ audio }: Memory) => Number(audio) };
  const sync = await quickHarness({}, { enrichment });
  sync.source.memories = [memoryOf("a", { audio: true }), memoryOf("b")];
  expect(await planRun(sync, sync.settings, { force: false, filter: {} }, signal)).toMatchObject({
    media: 1,
  });
});
