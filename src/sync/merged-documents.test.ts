import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { fileSourceOf } from "../documents/file-source.ts";
import { groupDocument } from "../documents/note-group.ts";
import { createStrategy } from "../documents/registry.ts";
import { applyEvent, newRow, type Transition } from "../domain/ledger.ts";
import type { LedgerEvent } from "../domain/ledger-event.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import { noFacts } from "../domain/memory-facts.ts";
import { readMemoryDocument, readMemoryDocuments, withNotes } from "../sinks/lightrag/memory-document.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import { mergedTransitions, rebuildInvalidated } from "./merged-documents.ts";

const scope = { connectorId: "c", contextId: "CTX" };
const day = "2025-01-01~no-place";

/** Notes a and b in the group of their day, whose document is as it should be. */
async function grouped({ contextId = "CTX", force = false } = {}) {
  const sync = await quickHarness({}, { merge: { maxCharacters: 40 } });
  const ledger = new LedgerWriter(sync);
  /** The transitions of merged documents that these bring with them. */
  const following = (...transitions: Transition[]) => {
    const changes = transitions.map(({ row, event }) => ({ row, after: applyEvent(row, event, 0) }));
    return mergedTransitions(sync, changes, { force, quietMs: 0 });
  };
  const contentHash = "h";
  const blank = (memoryId: string) =>
    newRow({ ...scope, contextId, memoryId }, fileSourceOf(contextId, memoryId), 0);
  const merged = (memory = memoryOf("a"), groupKey = day): LedgerEvent => {
    const fileSource = fileSourceOf(contextId, memory.id);
    return {
      type: "skip",
      reason: "merged",
      content: { memory, contentHash, sourceHash: null, groupKey, fileSource },
    };
  };
  await ledger.apply([
    { row: blank("a"), event: merged(memoryOf("a")) },
    { row: blank("b"), event: merged(memoryOf("b")) },
  ]);
  const change = async (memoryId: string, change: Partial<LedgerRow>) => {
    await sync.state.saveRows([{ ...(await sync.row(memoryId)), ...change }]);
  };
  const follows = async (memoryId: string, event: LedgerEvent) =>
    following({ row: await sync.row(memoryId), event });
  return { ...sync, ledger, blank, merged, following, change, follows };
}

test("notes that enter a group bring its document with them, which is written from all of its notes", async () => {
  const { following, blank, merged, clock } = await grouped();
  const transitions = await following({ row: blank("c"), event: merged(memoryOf("c")) });
  expect(transitions).toHaveLength(1);
  expect(transitions[0]).toMatchObject({
    row: { memoryId: day, version: 1 },
    event: {
      type: "upsert",
      content: {
        memory: { id: day, members: [{ id: "a" }, { id: "b" }, { id: "c" }] },
        groupKey: day,
        sourceHash: null,
        fileSource: `${day}@CTX.md`,
      },
    },
  });
  const [first] = await following({ row: blank("c"), event: merged(memoryOf("c"), "2025-01-02~no-place") });
  expect(first?.row).toMatchObject({
    ...scope,
    memoryId: "2025-01-02~no-place",
    version: 0,
    firstSeenAt: clock.now(),
  });
});

test("groups of two contexts are two, though they have one name", async () => {
  const { following, blank, merged } = await grouped();
  const other = newRow({ ...scope, contextId: "OTHER", memoryId: "c" }, "c@OTHER.md", 0);
  const transitions = await following(
    { row: blank("c"), event: merged(memoryOf("c")) },
    { row: other, event: merged(memoryOf("c")) },
  );
  expect(transitions.map(({ row }) => row.contextId)).toEqual(["CTX", "OTHER"]);
});

test("a note that moves changes both groups", async () => {
  const { follows, merged } = await grouped();
  const moved = await follows("a", merged(memoryOf("a"), "2025-01-02~no-place"));
  expect(moved.map(({ row }) => row.memoryId)).toEqual([day, "2025-01-02~no-place"]);
});

test.each([false, true])("what does not change a note changes no document, forced: %s", async (force) => {
  const { following, follows, blank, row } = await grouped({ force });
  expect(await follows("a", { type: "confirm", sourceHash: "s" })).toEqual([]);
  expect(await follows("a", { type: "missing", at: 1 })).toEqual([]);
  expect(await follows(day, { type: "die", error: { code: "SINK_BUSY", message: "", hint: "" } })).toEqual(
    [],
  );
  const memory = memoryOf("single");
  const content = { memory, contentHash: "h", sourceHash: null, groupKey: null, fileSource: "f" };
  expect(await following({ row: blank("single"), event: { type: "upsert", content } })).toEqual([]);
  const ofGroup = { ...content, groupKey: day };
  expect(await following({ row: await row(day), event: { type: "upsert", content: ofGroup } })).toEqual([]);
});

test("a document whose text stays as it is is not written again, unless that is forced or it is gone", async () => {
  const { follows, merged, change } = await grouped();
  expect(await follows("a", merged())).toEqual([]);
  const forced = await grouped({ force: true });
  expect(await forced.follows("a", forced.merged())).toMatchObject([{ event: { type: "upsert" } }]);
  await change(day, { status: "deleted" });
  expect(await follows("a", merged())).toMatchObject([{ event: { type: "upsert" } }]);
});

test("a document goes with its last note, where there is one", async () => {
  const { follows, change, state } = await grouped();
  expect(await follows("a", { type: "vanish" })).toMatchObject([
    { event: { type: "upsert", content: { memory: { members: [{ id: "b" }] } } } },
  ]);
  await change("b", { payload: null });
  expect(await follows("a", { type: "vanish" })).toMatchObject([
    { row: { memoryId: day }, event: { type: "vanish" } },
  ]);
  await change(day, { status: "deleted" });
  expect(await follows("a", { type: "vanish" })).toEqual([]);
  await state.removeRows([{ ...scope, memoryId: day }]);
  expect(await follows("a", { type: "vanish" })).toEqual([]);
});

test("a document that LightRAG has turned out not to hold is wanted again, and nothing else is", async () => {
  const sync = await grouped();
  const { row, change, ledger, blank } = sync;
  await ledger.apply([
    {
      row: blank("single"),
      event: {
        type: "malformed",
        contentHash: "h",
        error: { code: "MEMORY_MALFORMED", message: "", hint: "" },
      },
    },
  ]);
  await change("single", { status: "discovered" });
  await change(day, { status: "discovered", contentHash: null, payload: null });
  await rebuildInvalidated(sync, "c");
  expect(await row(day)).toMatchObject({
    status: "pending",
    payload: { members: [{ id: "a" }, { id: "b" }] },
  });
  expect((await row("single")).status).toBe("discovered");
});

test("whoever writes a note to the ledger writes its document with it, and hears of both", async () => {
  const sync = await grouped();
  const told: string[] = [];
  const ledger = new LedgerWriter(sync, { onStored: (_, { memoryId }) => told.push(memoryId) });
  const stored = await ledger.apply([{ row: await sync.row("a"), event: { type: "erase" } }]);
  expect(stored.map(({ memoryId }) => memoryId)).toEqual(["a", day]);
  expect(told).toEqual(["a", day]);
  expect(await sync.row(day)).toMatchObject({ status: "pending", payload: { members: [{ id: "b" }] } });
});

test("the notes of a group are read one by one, with what all of them share", () => {
  const facts = { ...noFacts, timeZone: "Asia/Kolkata" };
  const shared = {
    ...memoryOf("m1", { location: { lat: 19.07609, lon: 72.877426 }, transcript: "Buy bread." }),
    tags: ["trip"],
    facts,
  };
  const forged = { ...shared, id: "m 2", title: "Two", transcript: "12:00 is noon [or so].\n\nmore: words" };
  for (const name of ["rich", "standard"]) {
    const { text } = groupDocument("C", "k~p", [shared, forged], { form: 2, strategy: createStrategy(name) });
    const at = { recordedAt: Date.parse(shared.createdAt), place: "19.0761, 72.8774", tags: ["trip"] };
    expect(readMemoryDocument(text)).toBeNull();
    expect(readMemoryDocuments(text)).toMatchObject([
      { memoryId: "m 2", title: "Two", body: "12:00 is noon [or so].\n\nmore: words", ...at },
      { memoryId: "m1", title: null, body: "Buy bread.", ...at },
    ]);
    const one = withNotes(text, new Set(["m1"])) ?? "";
    expect(one).not.toContain("noon");
    expect(readMemoryDocuments(one)).toMatchObject([{ memoryId: "m1", ...at }]);
  }
});
