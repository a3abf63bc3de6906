import { describe, expect, test } from "vitest";
import { quickDriftWorld } from "../../../test/support/drift-world.ts";
import { memoryOf, plainEnrichment } from "../../../test/support/sync-harness.ts";
import { fileSourceOf } from "../../documents/file-source.ts";
import { newRow } from "../../domain/ledger.ts";
import type { LedgerRow, LedgerStatus } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import type { DocumentRef } from "../../sinks/lightrag/light-rag-client.ts";
import type { ListRequest } from "../../sources/memory-source.ts";
import { nothingLearnt } from "../../state/state-manager.ts";
import { keyOf } from "../memory-key.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { checkDrift } from "./check-drift.ts";

const scope = { connectorId: "c", contextId: "CTX" };
const none = { count: 0, examples: [] };
const inStep = {
  missing: none,
  failed: none,
  changed: none,
  forgotten: none,
  orphaned: none,
  unsent: none,
  vanished: none,
};
const one = (example: string) => ({ count: 1, examples: [example] });

type Enriching = typeof plainEnrichment;

/** Memories m0, m1, … that a run has delivered, and what a check finds afterwards and asks LightRAG for. */
async function delivered(memories: number, merge?: { maxCharacters: number }, enrichment?: Enriching) {
  const world = await quickDriftWorld(memories, merge === undefined ? {} : { merge }, enrichment);
  await world.run();
  const asked: string[][] = [];
  const find = world.sink.find.bind(world.sink);
  world.sink.find = (refs: readonly DocumentRef[]) => {
    asked.push(refs.map(({ fileSource }) => fileSource));
    return find(refs);
  };
  const check = (change: Partial<SyncSettings> = {}) =>
    checkDrift({ ...world.parts, settings: { ...world.settings, ...change } }, new AbortController().signal);
  const change = async (memoryId: string, change: Partial<LedgerRow>) => {
    const row = (await world.row(memoryId)) ?? newRow({ ...scope, memoryId }, `${memoryId}@CTX.md`, 0);
    await world.state.saveRows([{ ...row, ...change }]);
  };
  const hide = (...ids: string[]) => {
    world.source.memories = world.source.memories.filter(({ id }) => !ids.includes(id));
  };
  /** LightRAG lists the document under another id, as before 1.5, when the text makes the id. */
  const renumber = (fileSource: string, documentId: string) => {
    const record = world.sink.documents.get(`doc-${fileSource}`);
    if (record === undefined) throw new Error("no document");
    world.sink.documents.delete(`doc-${fileSource}`);
    world.sink.documents.set(documentId, { ...record, documentId });
  };
  /** One listing of LightRAG passes the document over. */
  const passOver = (fileSource: string) => {
    const list = world.sink.list.bind(world.sink);
    world.sink.list = async function* () {
      for await (const page of list()) yield page.filter((record) => record.fileSource !== fileSource);
    };
  };
  return { ...world, asked, check, change, hide, renumber, passOver };
}

test.each([undefined, { maxCharacters: 100 }])(
  "what is in step is found out from the listing alone, merged %j",
  async (merge) => {
    const world = await delivered(3, merge);
    const documents = merge === undefined ? 3 : 1;
    expect(await world.check()).toEqual({
      drift: inStep,
      documents,
      delivered: documents,
      memories: 3,
      truncated: null,
      invalid: [],
      orphans: [],
      vanished: [],
      forgotten: new Set(),
      outside: 0,
    });
    expect(world.asked).toEqual([]);
  },
);

describe("a delivered row", () => {
  test("whose document is gone is asked for by itself and missing", async () => {
    const world = await delivered(2);
    world.sink.documents.delete("doc-m1@CTX.md");
    const { drift, invalid } = await world.check();
    expect(drift).toEqual({ ...inStep, missing: one("m1") });
    expect(invalid).toMatchObject([{ row: { memoryId: "m1" }, documentId: null }]);
    expect(world.asked).toEqual([["m1@CTX.md"]]);
  });

  test("whose name another document has, with whatever text, is changed", async () => {
    const world = await delivered(2);
    world.renumber("m1@CTX.md", "other");
    const { drift, invalid } = await world.check();
    expect(drift).toEqual({ ...inStep, changed: one("m1") });
    expect(invalid).toMatchObject([{ row: { memoryId: "m1" }, documentId: "other" }]);
  });

  test("that was taken for a foreign document lets go of it", async () => {
    const world = await delivered(2);
    await world.sabotage.put("readme.md", "Somebody else's.");
    await world.sabotage.remove("m1@CTX.md");
    await world.change("m1", { documentId: "doc-readme.md" });
    const { invalid } = await world.check();
    expect(invalid).toMatchObject([{ row: { memoryId: "m1" }, documentId: null }]);
  });

  test.each([
    [{ status: "failed" }, 1],
    [{ status: "processed", chunks: 0 }, 1],
    [{ status: "processing", chunks: 0 }, 0],
  ] as const)("whose document is %j has failed or not", async (record, failed) => {
    const world = await delivered(2);
    Object.assign(world.sink.documents.get("doc-m1@CTX.md") ?? {}, record);
    const { drift } = await world.check();
    expect(drift.failed.count).toBe(failed);
  });

  test("that the listing passes over is in step when LightRAG has it after all, shown or not", async () => {
    const world = await delivered(2);
    world.passOver("m1@CTX.md");
    expect(await world.check()).toMatchObject({ drift: inStep, invalid: [], vanished: [] });
    world.hide("m1");
    expect((await world.check()).drift).toEqual({ ...inStep, vanished: one("m1") });
  });

  test("that is gone everywhere is vanished; where the source's list is cut off, it counts as missing alone", async () => {
    const world = await delivered(2);
    world.sink.documents.delete("doc-m1@CTX.md");
    world.hide("m1");
    const found = await world.check();
    expect(found.drift).toEqual({ ...inStep, missing: one("m1"), vanished: one("m1") });
    expect(found.vanished).toMatchObject([{ memoryId: "m1" }]);
    world.source.truncated = { reason: "cut" };
    expect(await world.check()).toMatchObject({
      drift: { missing: one("m1"), vanished: none },
      vanished: [{ memoryId: "m1" }],
      invalid: [],
      truncated: "cut",
    });
  });

  test("that only LightRAG has left, and has failed, is not lost", async () => {
    const world = await delivered(2);
    Object.assign(world.sink.documents.get("doc-m1@CTX.md") ?? {}, { status: "failed" });
    world.hide("m1");
    expect(await world.check()).toMatchObject({ drift: { failed: one("m1") }, vanished: [], invalid: [] });
  });

  test("of a context that the connector has no more has vanished", async () => {
    const world = await delivered(2);
    expect((await world.check({ contextIds: [] })).drift.vanished.count).toBe(2);
  });

  test("is in step with whatever the source says of it now, as long as its text can be written again", async () => {
    const world = await delivered(2);
    await world.change("m1", { sourceHash: "another" });
    expect((await world.check()).drift).toEqual(inStep);
  });

  test("whose text cannot be written again is in step as far as its name and state say", async () => {
    const world = await delivered(2);
    await world.change("m1", { contentHash: "another" });
    expect(await world.check()).toMatchObject({ drift: inStep, invalid: [] });
    await world.change("m1", { sourceHash: "another" });
    expect((await world.check()).drift).toEqual({ ...inStep, unsent: one("m1") });
  });

  test("with a name that ends in a digest is compared like the others", async () => {
    const world = await delivered(1);
    const id = "l".repeat(300);
    const name = fileSourceOf("CTX", id);
    world.source.memories = [...world.source.memories, memoryOf(id)];
    await world.run();
    expect(await world.check()).toMatchObject({ drift: inStep, documents: 2, delivered: 2 });
    Object.assign(world.sink.documents.get(`doc-${name}`) ?? {}, { status: "failed" });
    expect((await world.check()).drift).toEqual({ ...inStep, failed: one(id) });
  });
});

test("differences are asked for in parts, however many there are", async () => {
  const world = await delivered(0);
  const rows = Array.from({ length: 401 }, (_, at): LedgerRow => {
    const memoryId = `m${at}`;
    const fileSource = fileSourceOf("CTX", memoryId);
    const row = newRow({ ...scope, memoryId }, fileSource, 0);
    return { ...row, status: "processed", documentId: `doc-${fileSource}`, contentHash: "h" };
  });
  await world.state.saveRows(rows);
  const { drift, vanished, delivered: count } = await world.check();
  expect(world.asked.map((refs) => refs.length)).toEqual([200, 200, 1]);
  expect([drift.missing.count, drift.vanished.count, vanished.length, count]).toEqual([401, 401, 401, 401]);
});

describe("a document under a name of ours", () => {
  test.each<[LedgerStatus, string | null, number]>([
    ["skipped", null, 1],
    ["deleted", null, 1],
    ["deleted", "doc-m1@CTX.md", 0],
    ["pending", null, 0],
    ["submitting", "doc-m1@CTX.md", 0],
  ])("is orphaned when the ledger wants none there: %s with %s", async (status, documentId, orphans) => {
    const world = await delivered(2);
    world.hide("m1");
    await world.change("m1", { status, documentId });
    const { drift, orphans: found } = await world.check();
    expect(drift.orphaned.count).toBe(orphans);
    expect(found.map(({ fileSource }) => fileSource)).toEqual(orphans === 1 ? ["m1@CTX.md"] : []);
  });

  test("is forgotten when the ledger does not know its memory, and nothing else is", async () => {
    const world = await delivered(2);
    await world.forget("m1");
    world.source.memories = [...world.source.memories, memoryOf("new")];
    expect(await world.check()).toMatchObject({
      drift: { ...inStep, forgotten: one("m1"), unsent: one("new") },
      forgotten: new Set([keyOf({ ...scope, memoryId: "m1" })]),
    });
  });

  test("of a memory that has come back is unsent and an orphan until a run takes it up", async () => {
    const world = await delivered(2);
    await world.change("m1", { status: "deleted", documentId: null });
    expect((await world.check()).drift).toEqual({
      ...inStep,
      unsent: one("m1"),
      orphaned: one("m1@CTX.md"),
    });
  });
});

describe("what is not delivered", () => {
  test.each(["pending", "submitting", "submitted", "failed", "deleting"] as const)(
    "is unsent once while it is %s, whatever the source says of it now",
    async (status) => {
      const world = await delivered(2);
      await world.change("m1", { status });
      world.source.memories = world.source.memories.map((memory) => ({ ...memory, title: "changed" }));
      world.hide("m0");
      expect((await world.check()).drift.unsent).toEqual(one("m1"));
    },
  );

  test.each(["discovered", "deleted"] as const)(
    "is unsent when the source shows it and it is %s, in the connector's range or not",
    async (status) => {
      const world = await delivered(2);
      await world.change("m1", { status, documentId: "doc-m1@CTX.md" });
      world.source.memories = world.source.memories.map((memory) => ({
        ...memory,
        createdAt: "2020-01-01T00:00:00Z",
      }));
      const found = await world.check({ queryRange: "week" });
      expect(found.drift.unsent.examples).toContain("m1");
      expect(found.outside).toBe(0);
    },
  );

  test("is lost when it was doubted and the source does not show it, unless the list is cut off", async () => {
    const world = await delivered(2);
    await world.change("m1", { status: "discovered", documentId: null });
    world.hide("m1");
    expect(await world.check()).toMatchObject({ drift: { unsent: none }, vanished: [{ memoryId: "m1" }] });
    world.source.truncated = { reason: "cut" };
    expect(await world.check()).toMatchObject({ drift: { unsent: none }, vanished: [] });
  });

  test("lies outside when the ledger does not know it and the connector's range does not reach it", async () => {
    const world = await delivered(1);
    world.source.memories = [
      ...world.source.memories,
      memoryOf("old", { createdAt: "2020-01-01T00:00:00Z" }),
    ];
    expect(await world.check({ queryRange: "week" })).toMatchObject({ drift: { unsent: none }, outside: 1 });
  });
});

test("the source is read whole, with what earlier listings have taught", async () => {
  const world = await delivered(1);
  const requests: ListRequest[] = [];
  const list = world.source.list.bind(world.source);
  world.source.list = (request) => {
    requests.push(request as ListRequest);
    return list(request);
  };
  await world.state.resetConnector("c");
  await world.check();
  const known = await world.state.getSyncState(scope);
  const lore = { seen: 7 };
  const blank = { watermark: null, lastCompleteListingAt: null, lastListingCount: null, truncated: null };
  await world.state.saveSyncState({ ...blank, ...known, ...scope, learnt: { ...nothingLearnt, lore } });
  await world.check();
  expect(requests.map(({ scope, lore }) => [scope.kind, lore])).toEqual([
    ["everything", null],
    ["everything", lore],
  ]);
});

test("a long page is compared in steps, and not too many memories are written at once", async () => {
  let writing = 0;
  let most = 0;
  const enrich = async (_contextId: string, memory: Memory) => {
    writing += 1;
    most = Math.max(most, writing);
    await new Promise(setImmediate);
    writing -= 1;
    return memory;
  };
  const world = await delivered(30, undefined, { ...plainEnrichment, forPlan: () => ({ enrich }) });
  await world.check();
  expect(most).toBe(16);
  world.source.memories = Array.from({ length: 1_000 }, (_, at) => memoryOf(`n${at}`));
  const asked: number[] = [];
  const getRows = world.state.getRows.bind(world.state);
  world.state.getRows = (of, ids) => {
    asked.push(ids.length);
    return getRows(of, ids);
  };
  expect((await world.check()).drift.unsent.count).toBe(1_000);
  expect(asked).toEqual([30, 500, 500]);
});
