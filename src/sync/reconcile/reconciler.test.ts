import { expect, test } from "vitest";
import { quickDriftWorld, sabotageAll } from "../../../test/support/drift-world.ts";
import { memoryOf, plainEnrichment } from "../../../test/support/sync-harness.ts";
import { fileSourceOf } from "../../documents/file-source.ts";
import { isInStep } from "../../domain/drift-report.ts";
import { applyEvent, newRow } from "../../domain/ledger.ts";
import type { Memory } from "../../domain/memory.ts";

test("the documents of groups are compared and repaired like those of memories, and none is taken for an orphan", async () => {
  const world = await quickDriftWorld(6, { merge: { maxCharacters: 100 } });
  const onDay = (day: number) => `2025-01-0${day}~no-place@CTX.md`;
  world.source.memories = world.source.memories.map((memory, at) => ({
    ...memory,
    createdAt: `2025-01-0${1 + Math.floor(at / 2)}T10:00:00Z`,
  }));
  await world.run();
  expect(await world.reconcile()).toMatchObject({ documents: 3, delivered: 3 });
  expect(isInStep((await world.reconcile()).drift)).toBe(true);
  const before = await world.documents();
  await world.sabotage.remove(onDay(1));
  await world.sabotage.put(onDay(2), "Somebody was here.");
  const { drift, repair } = await world.reconcile({ repair: true });
  expect(drift).toMatchObject({ missing: { count: 1 }, changed: { count: 1 }, orphaned: { count: 0 } });
  expect(drift.vanished.count).toBe(0);
  expect(isInStep(repair?.remaining ?? drift)).toBe(true);
  const lengths = (documents: typeof before) =>
    Array.from(documents, ([name, record]) => [name, record.status, record.contentLength]).toSorted();
  expect(lengths(await world.documents())).toEqual(lengths(before));
});

test("texts that services have a part in are compared with what the services said", async () => {
  const heard = { enrich: async (_: string, memory: Memory) => ({ ...memory, title: "said by a service" }) };
  const enrichment = { ...plainEnrichment, forRun: () => heard };
  const world = await quickDriftWorld(12, {}, enrichment);
  await world.run();
  expect(isInStep((await world.reconcile()).drift)).toBe(true);
  await world.sabotage.put("m3@CTX.md", "Nothing of ours.");
  expect((await world.reconcile()).drift).toMatchObject({ changed: { count: 1, examples: ["m3"] } });
});

test("without differences nothing is written and nothing is sent", async () => {
  const world = await quickDriftWorld(5);
  await world.run();
  const row = await world.row("m0");
  expect(await world.reconcile({ repair: true })).toMatchObject({
    documents: 5,
    delivered: 5,
    memories: 5,
    repair: { run: null, removed: 0 },
  });
  expect(await world.row("m0")).toEqual(row);
});

test.each([
  ["another connector has delivered into our context is left alone", ["other"], "processed", 0],
  ["another one has given up is an orphan", ["other"], "skipped", 1],
  ["a connector of another LightRAG has delivered is one", [], "processed", 1],
] as const)("a document that %s", async (_, sharers, status, removed) => {
  const world = await quickDriftWorld(20);
  await world.run();
  const theirs = fileSourceOf("CTX", "theirs");
  await world.sabotage.put(theirs, "What another connector has delivered.");
  world.parts.sharers.push(...sharers);
  const documentId = status === "processed" ? "doc-theirs" : null;
  const key = { connectorId: "other", contextId: "CTX", memoryId: "theirs" };
  await world.state.saveRows([{ ...newRow(key, theirs, 0), status, documentId }]);
  const { drift, repair } = await world.reconcile({ repair: true });
  expect([drift.orphaned.count, repair?.removed]).toEqual([removed, removed]);
  expect((await world.documents()).has(theirs)).toBe(removed === 0);
});

test("when the ledger is lost and the source shows little, documents are not taken for orphans", async () => {
  for (const memories of [0, 5]) {
    const world = await quickDriftWorld(20);
    await world.run();
    await world.state.resetConnector("c");
    world.source.memories = world.source.memories.slice(0, memories);
    const held: string[] = [];
    world.events.on("run:held", ({ reason }) => held.push(reason));
    const { repair } = await world.reconcile({ repair: true });
    expect(repair).toMatchObject({ removed: 0, held: expect.any(String) });
    expect(held).toEqual(["deletions"]);
    expect((await world.documents()).size).toBe(20);
    expect((await world.reconcile({ repair: true, acceptDeletions: true })).repair).toMatchObject({
      removed: 20 - memories,
    });
    await world.expectWhole();
  }
});

test("what LightRAG has lost and a list cut short does not show is given up on a person's word alone, and taken up when it shows again", async () => {
  const world = await quickDriftWorld(5);
  await world.run();
  const [oldest] = world.source.memories;
  world.source.memories = world.source.memories.slice(1);
  world.source.truncated = { reason: "full" };
  await world.sabotage.remove("m0@CTX.md");
  const unasked = await world.reconcile({ repair: true });
  expect(unasked.repair?.remaining.missing).toEqual({ count: 1, examples: ["m0"] });
  expect((await world.row("m0"))?.status).toBe("processed");
  const asked = await world.reconcile({ repair: true, acceptDeletions: true });
  expect(asked.repair?.remaining.missing.count).toBe(0);
  expect((await world.row("m0"))?.status).toBe("deleted");
  world.source.memories.push(oldest!);
  world.source.truncated = null;
  await world.run();
  await world.expectWhole();
});

test("a list that is not complete makes nothing vanished or orphaned", async () => {
  const world = await quickDriftWorld(5);
  await world.run();
  await world.sabotage.put("ghost@CTX.md", "No memory stands behind this one.");
  world.source.memories = world.source.memories.slice(1);
  world.source.truncated = { reason: "full" };
  expect(await world.reconcile({ repair: true })).toMatchObject({
    truncated: "full",
    drift: { orphaned: { count: 0 }, vanished: { count: 0 } },
    repair: { removed: 0 },
  });
  expect((await world.documents()).size).toBe(6);
});

test("what is gone at the source and from LightRAG is forgotten; what only the source lacks is left to `on_delete`", async () => {
  const world = await quickDriftWorld(20);
  await world.run();
  world.source.memories = world.source.memories.slice(2);
  await world.sabotage.remove("m0@CTX.md");
  expect(await world.reconcile({ repair: true })).toMatchObject({
    drift: { missing: { count: 1 }, vanished: { count: 2 } },
    repair: { removed: 0 },
  });
  expect(await world.row("m0")).toMatchObject({ status: "deleted", documentId: null });
  expect(await world.row("m1")).toMatchObject({ status: "processed" });
});

test("a run that finds a doubted delivery takes it up though its range would not reach so far", async () => {
  const world = await quickDriftWorld(5);
  world.source.memories = world.source.memories.map((memory) => ({
    ...memory,
    createdAt: "2020-01-01T00:00:00Z",
  }));
  await world.run();
  await world.sabotage.remove("m0@CTX.md");
  const row = await world.row("m0");
  if (row === undefined) throw new Error("no row");
  await world.state.saveRows([applyEvent(row, { type: "invalidate", documentId: null }, 0)]);
  const { memories } = world.source;
  world.source.memories = [];
  await world.run();
  world.source.memories = memories;
  await world.run();
  expect(world.source.ranges).toEqual(["all", "day", "all"]);
  await world.expectWhole();
});

test("one connector is never compared and run at the same time", async () => {
  const world = await quickDriftWorld(1);
  const lock = await world.state.lockConnector("c");
  await expect(world.reconcile()).rejects.toThrow(expect.objectContaining({ code: "CONNECTOR_LOCKED" }));
  await lock.release();
});

test("memories whose names end in a digest are compared like the others", async () => {
  const world = await quickDriftWorld(4);
  const long = (index: number) => `${"x".repeat(400)}${index}`;
  world.source.memories = world.source.memories.map((memory, index) => ({ ...memory, id: long(index) }));
  await world.run();
  expect(await world.reconcile()).toMatchObject({ documents: 4, delivered: 4, memories: 4 });
  const [removed, replaced] = [0, 1].map((index) => fileSourceOf("CTX", long(index)));
  await world.sabotage.remove(removed ?? "");
  await world.sabotage.put(replaced ?? "", "Nothing of ours.");
  await world.forget(long(2));
  const { drift } = await world.reconcile();
  expect(drift).toMatchObject({
    missing: { examples: [long(0)] },
    changed: { examples: [long(1)] },
    forgotten: { examples: [long(2)] },
    unsent: { count: 0 },
    orphaned: { count: 0 },
  });
  await world.reconcile({ repair: true });
  await world.expectWhole();
});

test("after sabotage a check finds all of it and changes nothing, and a repair restores it whole", async () => {
  const world = await quickDriftWorld(20);
  const expected = await sabotageAll(world);
  const before = await world.documents();
  const check = await world.reconcile();
  expect(check).toMatchObject({
    connectorId: "c",
    drift: expected,
    repair: null,
    truncated: null,
    memories: 20,
    documents: 18,
    delivered: 17,
    queryRange: "auto",
    outside: 0,
  });
  expect(await world.documents()).toEqual(before);
  const { repair } = await world.reconcile({ repair: true });
  expect(repair).toMatchObject({ removed: 1, held: null, run: { outcome: "success" } });
  expect(repair?.remaining.orphaned).toEqual({ count: 0, examples: [] });
  expect(isInStep(repair?.remaining ?? check.drift)).toBe(true);
  await world.expectWhole("ghost@OTHER.md", "readme.md");
});

test("whoever listens is told what was found, and when it was looked for is remembered", async () => {
  const world = await quickDriftWorld(2);
  const told: unknown[] = [];
  world.events.on("drift:checked", ({ report }) => told.push(report));
  const report = await world.reconcile();
  expect(told).toEqual([report]);
  expect(report.drift.unsent).toEqual({ count: 2, examples: ["m0", "m1"] });
  const stored = await world.state.reconciliations.get("c");
  expect(stored).toMatchObject({ connectorId: "c", startedAt: report.startedAt, report });
  expect(report.endedAt).toBeGreaterThanOrEqual(report.startedAt);
});

test.each([
  ["failed", { status: "failed", error: "no" }],
  ["processed without a chunk", { chunks: 0 }],
] as const)("a delivered memory whose document LightRAG calls %s is delivered again", async (_, change) => {
  const world = await quickDriftWorld(3);
  await world.run();
  Object.assign(world.sink.documents.get("doc-m1@CTX.md") ?? {}, change);
  const { drift, repair } = await world.reconcile({ repair: true });
  expect(drift).toMatchObject({
    failed: { count: 1, examples: ["m1"] },
    missing: { count: 0 },
    changed: { count: 0 },
  });
  expect(repair?.run).toMatchObject({ outcome: "success", counts: { processed: 1, deleted: 1 } });
  await world.expectWhole();
});

test("a listing that passes a document over does not make it missing", async () => {
  const world = await quickDriftWorld(3);
  await world.run();
  const list = world.sink.list.bind(world.sink);
  world.sink.list = async function* () {
    for await (const records of list()) yield records.slice(1);
  };
  const report = await world.reconcile();
  expect(report).toMatchObject({ documents: 2, delivered: 3 });
  expect(isInStep(report.drift)).toBe(true);
});

test("a memory that is new, changed or on its way is unsent, and the repair sends it", async () => {
  const world = await quickDriftWorld(3);
  world.sink.onInsert = () => undefined;
  world.source.memories = world.source.memories.slice(0, 1);
  await world.run({ wait: false });
  world.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 1 });
  const [way] = world.source.memories;
  world.source.memories = [...(way === undefined ? [] : [way]), memoryOf("new"), memoryOf("b")];
  expect((await world.reconcile()).drift).toMatchObject({ unsent: { count: 3 }, missing: { count: 0 } });
  for (const record of world.sink.documents.values())
    Object.assign(record, { status: "processed", chunks: 1 });
  await world.reconcile({ repair: true });
  world.source.memories = world.source.memories.map((memory) =>
    memory.id === "b" ? { ...memory, transcript: "anew" } : memory,
  );
  expect((await world.reconcile()).drift).toMatchObject({ unsent: { count: 1, examples: ["b"] } });
  await world.reconcile({ repair: true });
  await world.expectWhole();
});

test("what lies outside of a fixed range is counted and neither drift nor repaired, unless LightRAG has it", async () => {
  const world = await quickDriftWorld(2);
  const old = { createdAt: "2019-01-01T00:00:00Z" };
  world.source.memories = [memoryOf("new"), memoryOf("old", old), memoryOf("older", old)];
  await world.run({ filter: { ids: new Set(["new", "old"]) } });
  await world.forget("old");
  Object.assign(world.settings, { queryRange: "week" });
  expect(await world.reconcile()).toMatchObject({
    queryRange: "week",
    outside: 1,
    drift: { unsent: { count: 0 }, forgotten: { count: 1, examples: ["old"] }, orphaned: { count: 0 } },
  });
});

test("a source that shows items without an id is not believed to be complete", async () => {
  const world = await quickDriftWorld(3);
  await world.run();
  const broken = { problems: ["no id"], excerpt: "{}", fingerprint: "f".repeat(64) };
  world.source.memories = world.source.memories.slice(1);
  world.source.malformed = [{ ...broken, id: "m0" }];
  expect(await world.reconcile()).toMatchObject({ truncated: null, drift: { vanished: { count: 0 } } });
  world.source.malformed = [{ ...broken, id: null }];
  expect(await world.reconcile()).toMatchObject({ truncated: "it has items without an id" });
});

test("orphans beyond the limit are held, with the numbers, unless a person has said yes or the limit is 100 %", async () => {
  for (const [maxPercent, held] of [
    [10, "orphaned: 3 of 23 documents, more than 10 %"],
    [14, null],
    [100, null],
  ] as const) {
    const world = await quickDriftWorld(20);
    world.settings.deletions = { ...world.settings.deletions, maxPercent };
    await world.run();
    for (const ghost of ["x", "y", "z"]) await world.sabotage.put(`${ghost}@CTX.md`, "Nobody's.");
    const told: unknown[] = [];
    world.events.on("run:held", (event) => told.push(event));
    const { drift, repair } = await world.reconcile({ repair: true, runId: "r" });
    expect(drift.orphaned.count).toBe(3);
    expect(repair).toMatchObject({ run: null, held, removed: held === null ? 3 : 0 });
    expect(repair?.remaining.orphaned.count).toBe(held === null ? 0 : 3);
    expect(told).toEqual(
      held === null ? [] : [{ runId: "r", connectorId: "c", reason: "deletions", ratio: 3 / 23 }],
    );
  }
});

test("a single orphan is removed however few documents there are, and none where the source shows nothing", async () => {
  const world = await quickDriftWorld(1);
  await world.run();
  await world.sabotage.put("x@CTX.md", "Nobody's.");
  expect((await world.reconcile({ repair: true })).repair).toMatchObject({ held: null, removed: 1 });
  world.source.memories = [];
  await world.sabotage.put("x@CTX.md", "Nobody's.");
  expect((await world.reconcile({ repair: true })).repair).toMatchObject({
    held: "the source shows no memory at all",
    removed: 0,
  });
});

test("many hundred differences are looked at, written and removed in parts", async () => {
  const world = await quickDriftWorld(210);
  await world.run();
  world.sink.documents.clear();
  for (let at = 0; at < 110; at += 1)
    await world.sink.submit([{ fileSource: `ghost${at}@CTX.md`, text: "Nobody's." }]);
  world.sink.calls.length = 0;
  const { drift, repair } = await world.reconcile({ repair: true, acceptDeletions: true });
  expect(drift.missing).toMatchObject({ count: 210 });
  expect(repair).toMatchObject({ removed: 110, run: { counts: { processed: 210 } } });
  expect(world.sink.calls.filter((call) => call.startsWith("remove"))).toEqual(["remove 100", "remove 10"]);
  await world.expectWhole();
});

test.each([
  ["never shows more", { complete: { cappedAt: 19 } }],
  ["shows no deletions", { deletes: "none" as const }],
])("no document is an orphan on the word of a source that %s", async (_, change) => {
  const world = await quickDriftWorld(20);
  await world.run();
  Object.assign(world.source, { capabilities: { ...world.source.capabilities, ...change } });
  await world.forget("m19");
  world.source.memories = world.source.memories.slice(0, 19);
  const report = await world.reconcile({ repair: true });
  expect(report.repair?.removed ?? 0).toBe(0);
  expect((await world.documents()).size).toBe(20);
});

test("another account's list is compared with nothing", async () => {
  const world = await quickDriftWorld(3);
  let account = "me";
  Object.assign(world.source, { capabilities: { ...world.source.capabilities, identity: "account" } });
  const check = world.source.check.bind(world.source);
  world.source.check = async () => ({ ...(await check()), account });
  await world.run();
  account = "other";
  await expect(world.reconcile({ repair: true })).rejects.toMatchObject({ code: "SOURCE_ACCOUNT_CHANGED" });
  expect((await world.documents()).size).toBe(3);
});
