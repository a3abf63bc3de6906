import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { InMemorySource } from "../../sources/in-memory/in-memory-source.ts";
import type { ListRequest } from "../../sources/memory-source.ts";
import type { DeletionSettings } from "../sync-settings.ts";

const deletions = {
  policy: "propagate",
  graceListings: 3,
  gracePeriodMs: 0,
  maxPercent: 10,
  alwaysAllowed: 1,
} as const;
const scope = { connectorId: "c", contextId: "CTX" };

/** Ten delivered memories of a source that tells of changes. */
async function delivered(change: Partial<DeletionSettings> = {}) {
  const sync = await quickHarness({ deletions: { ...deletions, ...change } });
  const source = new InMemorySource();
  const asked: string[] = [];
  const list = source.list.bind(source);
  source.list = (request: ListRequest, signal) => {
    asked.push(request.scope.kind);
    return list(request, signal);
  };
  const createdAt = new Date(sync.clock.now() - 90 * 86_400_000).toISOString();
  for (let n = 0; n < 10; n += 1) source.put("CTX", memoryOf(`m${n}`, { createdAt }));
  const { run } = sync.with({ source });
  await run();
  const held = () =>
    Array.from(sync.sink.documents.values(), ({ fileSource }) => fileSource.split("@")[0]).toSorted();
  return { ...sync, source, asked, run, held, createdAt };
}

test("after the first run only what has changed is asked for, whatever its time", async () => {
  const { asked, run, source, held, createdAt } = await delivered();
  source.put("CTX", memoryOf("late", { createdAt }));
  expect((await run()).counts).toMatchObject({ fetched: 1, new: 1 });
  expect((await run()).counts).toMatchObject({ fetched: 0 });
  expect(asked).toEqual(["everything", "changes", "changes"]);
  expect(held()).toContain("late");
});

test("what the source names as deleted goes at once, without the grace of what is only missing", async () => {
  const { run, source, held, row } = await delivered();
  source.delete("CTX", "m3");
  await run();
  expect(held()).not.toContain("m3");
  expect(held()).toHaveLength(9);
  expect((await row("m3")).status).toBe("deleted");
});

test("many named as deleted at once meet the same guard as many that are missing, until a person says so", async () => {
  const { run, source, held } = await delivered();
  source.delete("CTX", "m1", "m2", "m3");
  const held1 = await run();
  expect(held1.errors.map(({ code }) => code)).toEqual(["DELETIONS_SUSPECT"]);
  expect(held()).toHaveLength(10);
  await run({ acceptDeletions: true });
  expect(held()).toHaveLength(7);
});

test("where nothing follows from deletions, nothing follows from one that is named", async () => {
  const { run, source, held } = await delivered({ policy: "ignore" });
  source.delete("CTX", "m3");
  await run();
  expect(held()).toHaveLength(10);
});

test("a memory that was named as deleted and has come back stays", async () => {
  const { run, source, held, createdAt } = await delivered();
  source.delete("CTX", "m3");
  source.put("CTX", memoryOf("m3", { createdAt, transcript: "again" }));
  await run();
  expect(held()).toHaveLength(10);
});

test("what cannot be read yet is neither missing nor forgotten: it is looked for until it can", async () => {
  const { run, source, held, asked, createdAt, state } = await delivered({ graceListings: 1 });
  source.announce("CTX", { id: "m3", at: Date.parse(createdAt) });
  source.announce("CTX", { id: "soon", at: null });
  await run();
  expect(held()).toHaveLength(10);
  expect((await state.getSyncState(scope))?.watermark).toBe(0);
  source.put("CTX", memoryOf("soon", { createdAt }), memoryOf("m3", { createdAt }));
  await run();
  expect(held()).toHaveLength(11);
  await run();
  expect(asked).toEqual(["everything", "changes", "everything", "changes"]);
});

test("the list of another account is not believed", async () => {
  const { with: withParts, held } = await delivered();
  const other = new InMemorySource({ account: "somebody" });
  other.put("CTX", memoryOf("theirs"));
  const record = await withParts({ source: other }).run();
  expect(record.errors.map(({ code }) => code)).toEqual(["SOURCE_ACCOUNT_CHANGED"]);
  expect(held()).toHaveLength(10);
});

test("a source that cannot narrow its lists is asked for everything, and a fixed range still leaves the rest out", async () => {
  const { source, run, clock } = await quickHarness({ queryRange: "week" });
  const since = { by: "none", isReliable: true } as const;
  Object.assign(source, { capabilities: { ...source.capabilities, since } });
  const at = (daysAgo: number) => new Date(clock.now() - daysAgo * 86_400_000).toISOString();
  source.memories = [memoryOf("old", { createdAt: at(8) }), memoryOf("young", { createdAt: at(6) })];
  expect(await run()).toMatchObject({ counts: { new: 1 }, scope: { outside: 1 } });
  expect(new Set(source.ranges)).toEqual(new Set(["all"]));
});

test("one that was on its way when it was named as deleted is told of again, and goes", async () => {
  const { run, source, sink, row, held, clock } = await delivered();
  source.put("CTX", memoryOf("x", { createdAt: new Date(clock.now()).toISOString() }));
  const stop = new AbortController();
  const accept = sink.onInsert;
  sink.onInsert = () => queueMicrotask(() => stop.abort());
  await run({}, stop.signal);
  sink.onInsert = accept;
  expect(await row("x")).toMatchObject({ status: "submitted" });
  source.delete("CTX", "x");
  const find = sink.find.bind(sink);
  let looks = 0;
  sink.find = async (refs) => {
    looks += 1;
    if (looks > 2)
      for (const record of sink.documents.values()) Object.assign(record, { status: "processed", chunks: 1 });
    return find(refs);
  };
  for (let runs = 0; runs < 3; runs += 1) await run();
  expect(held()).not.toContain("x");
});

test("what changes between two walks through a drifting list arrives with the next run", async () => {
  const sync = await quickHarness({ deletions, fullLookMs: null });
  const source = new InMemorySource();
  Object.assign(source, { capabilities: { ...source.capabilities, consistency: "drifting" } });
  source.put("CTX", memoryOf("a"));
  source.announce("CTX", { id: "p", at: sync.clock.now() + 60_000 });
  const { run } = sync.with({ source });
  const list = source.list.bind(source);
  let walks = 0;
  source.list = async function* (...request) {
    walks += 1;
    if (walks === 2) source.put("CTX", memoryOf("a", { transcript: "second version" }), memoryOf("p"));
    yield* list(...request);
  };
  await run();
  await run();
  const texts = [...sync.sink.texts()].map(([name, text]) => [
    name.split("@")[0],
    text.includes("second version"),
  ]);
  expect(texts.toSorted()).toEqual([
    ["a", true],
    ["p", false],
  ]);
});

test("one that is named as deleted takes the guard from no absence", async () => {
  const sync = await quickHarness({ deletions: { ...deletions, graceListings: 2 } });
  const source = new InMemorySource();
  const at = (days: number) => new Date(sync.clock.now() - days * 86_400_000).toISOString();
  const old = Array.from({ length: 200 }, (_, n) => memoryOf(`old${n}`, { createdAt: at(60) }));
  const young = Array.from({ length: 10 }, (_, n) => memoryOf(`young${n}`, { createdAt: at(0.1) }));
  source.put("CTX", ...old, ...young);
  const { run } = sync.with({ source });
  await run();
  sync.settings.queryRange = "day";
  source.list = async function* () {
    yield { memories: young.slice(0, 1), malformed: [], truncated: null, deleted: ["long-ago"], mark: "x" };
  };
  for (let runs = 0; runs < 3; runs += 1)
    expect((await run()).errors).toMatchObject([
      { code: "DELETIONS_SUSPECT", message: expect.stringContaining("9 of 10 ") },
    ]);
  expect(sync.sink.documents.size).toBe(210);
});

test.each(["a second look", "items that cannot be read yet"])(
  "a list as long as the source ever shows is not whole: %s",
  async (how) => {
    const sync = await quickHarness({ deletions: { ...deletions, graceListings: 1, maxPercent: 100 } });
    const { source, run } = sync;
    const all = Array.from({ length: 10 }, (_, n) => memoryOf(`m${n}`));
    source.memories = all;
    await run();
    Object.assign(source, { capabilities: { ...source.capabilities, complete: { cappedAt: 10 } } });
    let looks = 0;
    source.list = async function* () {
      looks += 1;
      const shown = all.slice(0, 9);
      const memories = how === "a second look" && looks > 1 ? [...shown, memoryOf("new")] : shown;
      const pending = how === "a second look" ? [] : [{ id: "p", at: null }];
      yield { memories, malformed: [], pending, truncated: null };
    };
    expect((await run()).truncated).toContain("never shows more than 10 memories");
    expect((await sync.row("m9")).status).toBe("processed");
  },
);

test("a memory that is said to have changed is asked for alone, and what it is the source says", async () => {
  const { run, source, asked, held, row, createdAt } = await delivered();
  const before = await row("m3");
  source.put("CTX", memoryOf("m3", { createdAt, transcript: "something else" }), memoryOf("late"));
  const named = await run({ hinted: new Set(["m3"]) });
  expect(named.counts).toMatchObject({ fetched: 1, changed: 1, new: 0 });
  expect(asked).toEqual(["everything", "named"]);
  expect((await row("m3")).contentHash).not.toBe(before.contentHash);
  // The mark has not moved: the next run is told of all that has changed.
  expect((await run()).counts).toMatchObject({ fetched: 2, new: 1 });
  expect(held()).toContain("late");
});

test("where the source does not have what is named, or cannot be asked for it, all changes are asked for", async () => {
  const { run, source, asked, held } = await delivered();
  source.delete("CTX", "m3");
  const gone = await run({ hinted: new Set(["m3", "m4"]) });
  expect([asked, gone.outcome, gone.errors]).toEqual([["everything", "named", "changes"], "success", []]);
  expect(held()).not.toContain("m3");
  Object.assign(source.capabilities, { byId: undefined });
  source.delete("CTX", "m4");
  await run({ hinted: new Set(["m4"]) });
  expect(asked.slice(3)).toEqual(["changes"]);
  expect(held()).not.toContain("m4");
});
