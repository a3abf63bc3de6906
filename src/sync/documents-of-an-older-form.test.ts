import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { sha256 } from "../documents/fingerprint.ts";
import { MemoryTransformer } from "../documents/memory-transformer.ts";
import { createStrategy } from "../documents/registry.ts";
import { type Memory, withFacts } from "../domain/memory.ts";
import { planRun } from "./discover/plan.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import type { SyncParts } from "./sync-parts.ts";

const memories = (count: number) => Array.from({ length: count }, (_, at) => memoryOf(`m${at}`));

/** As the program wrote documents before they had another form. */
class Before extends MemoryTransformer {
  override prepare(contextId: string, memory: Memory) {
    const prepared = super.prepare(contextId, memory);
    const written = this.write(contextId, memory);
    if (prepared.kind !== "note") return written;
    return { ...prepared, contentHash: sha256(`${prepared.groupKey}\n${written.contentHash}`) };
  }

  override write(contextId: string, memory: Memory) {
    const written = super.writeForms(contextId, memory).at(-1);
    if (written === undefined) throw new Error("a memory has a form");
    return written;
  }

  override writeForms(contextId: string, memory: Memory) {
    return [this.write(contextId, memory)];
  }
}

const before = { transformer: new Before(createStrategy("standard"), { skipEmptyTranscripts: true }) };

async function delivered(count: number) {
  const sync = await quickHarness({ maxInFlight: 100 });
  sync.source.memories = memories(count);
  await sync.with(before).run();
  const held = [...sync.sink.texts()];
  expect(held.filter(([, text]) => text.startsWith("Memory m"))).toHaveLength(count);
  sync.sink.calls.length = 0;
  return { ...sync, held };
}

const other = (sync: { enrichment: SyncParts["enrichment"] }) => ({
  ...sync.enrichment,
  sourceHash: (memory: Memory) => `${sync.enrichment.sourceHash(memory)} looked at anew`,
});

test("a new form sends nothing again, not even where every memory is looked into", async () => {
  const sync = await delivered(20);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { unchanged: 20, submitted: 0 } });
  const anew = sync.with({ enrichment: other(sync) });
  expect(await anew.run()).toMatchObject({ outcome: "success", counts: { unchanged: 20, submitted: 0 } });
  expect([...sync.sink.texts()]).toEqual(sync.held);
});

test("a memory that changes has the new form, and its neighbours keep theirs", async () => {
  const sync = await delivered(3);
  sync.source.memories = memories(3).map((memory) =>
    memoryOf(memory.id, { transcript: memory.id === "m1" ? "Other." : memory.transcript }),
  );
  expect(await sync.run()).toMatchObject({ counts: { changed: 1, processed: 1 } });
  const texts = sync.sink.texts();
  expect(texts.get("m1@CTX.md")).toMatch(
    /^note, wednesday 1 january 2025 00:00:00 utc \[[0-9a-f]{10}\]\n\nOther\.$/u,
  );
  expect(texts.get("m2@CTX.md")).toMatch(/^Memory m2 of CTX \(revision /u);
});

test("after a reset, documents of the older form are adopted and not sent", async () => {
  const sync = await delivered(5);
  await sync.state.resetConnector("c");
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { new: 5, adopted: 5, processed: 5, deleted: 0 },
  });
  expect([...sync.sink.texts()]).toEqual(sync.held);
  expect(await sync.run()).toMatchObject({ counts: { unchanged: 5, submitted: 0 } });
  const anew = sync.with({ enrichment: other(sync) });
  expect(await anew.run()).toMatchObject({ counts: { unchanged: 5, submitted: 0 } });
});

test("a delivery that an older program was interrupted in is proved by the text that it sent", async () => {
  const sync = await quickHarness();
  sync.source.memories = memories(1);
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processing" });
  await sync.with(before).run({ wait: false });
  expect((await sync.row("m0")).status).toBe("submitted");
  for (const document of sync.sink.documents.values())
    Object.assign(document, { status: "processed", chunks: 1 });
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { submitted: 0, deleted: 0 } });
  expect((await sync.row("m0")).status).toBe("processed");
});

const isOfToday = (text: string) => text.startsWith("note, ");

test("documents of the older form are brought into the present one when a person asks, held by no brake", async () => {
  const sync = await delivered(20);
  const plan = (outdated: boolean) =>
    planRun(sync, sync.settings, { force: false, outdated, filter: {} }, new AbortController().signal);
  expect(await plan(false)).toMatchObject({ documents: 0, outdated: 0 });
  expect(await plan(true)).toMatchObject({ documents: 20, outdated: 20, brakes: [] });
  expect(await sync.run({ outdated: true })).toMatchObject({
    outcome: "success",
    counts: { changed: 20, deleted: 20, processed: 20 },
  });
  expect([...sync.sink.texts().values()].every(isOfToday)).toBe(true);
  expect(await sync.run({ outdated: true })).toMatchObject({ counts: { unchanged: 20, submitted: 0 } });
});

test("the same where a new version looks into every memory anew", async () => {
  const sync = await delivered(20);
  const anew = sync.with({ enrichment: other(sync) });
  expect(await anew.run({ outdated: true })).toMatchObject({ outcome: "success", counts: { processed: 20 } });
  expect([...sync.sink.texts().values()].every(isOfToday)).toBe(true);
});

test("what the day's budget does not let through keeps its document, and later runs bring it into the present form", async () => {
  const sync = await quickHarness({
    maxInFlight: 100,
    budget: { documents: 8, characters: null, tokens: null },
  });
  sync.source.memories = memories(8);
  await sync.with(before).run();
  await sync.clock.sleep(86_400_000);
  sync.source.memories = memories(12);
  await sync.with(before).run();
  await sync.clock.sleep(86_400_000);
  expect(await sync.run({ outdated: true })).toMatchObject({ counts: { changed: 12, processed: 8 } });
  const newer = () => [...sync.sink.texts().values()].filter(isOfToday).length;
  expect([sync.sink.texts().size, newer()]).toEqual([12, 8]);
  expect((await sync.state.countRows("c")).deleting).toBe(4);
  await sync.clock.sleep(86_400_000);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { unchanged: 12, processed: 4 } });
  expect([sync.sink.texts().size, newer()]).toEqual([12, 12]);
});

test("a memory that has changed besides is the business of the brake, as in any run", async () => {
  const sync = await delivered(20);
  sync.source.memories = memories(20).map((memory) => ({ ...memory, transcript: "Other." }));
  expect(await sync.run({ outdated: true })).toMatchObject({ errors: [{ code: "RUN_HELD" }] });
  expect([...sync.sink.texts()]).toEqual(sync.held);
});

test("a memory of long ago, outside of the connector's range, is brought along, and an unknown one is not", async () => {
  const sync = await quickHarness({ queryRange: "week" });
  const old = memoryOf("old", { createdAt: new Date(sync.clock.now() - 30 * 86_400_000).toISOString() });
  sync.source.memories = [old];
  await sync.with(before).run({ filter: { ids: new Set(["old"]) } });
  sync.source.memories = [old, { ...old, id: "unknown" }];
  expect(await sync.run({ outdated: true })).toMatchObject({ counts: { changed: 1, new: 0, processed: 1 } });
  expect([...sync.sink.texts().keys()]).toEqual(["old@CTX.md"]);
});

test("what is forced is written in the present form, too", async () => {
  const sync = await delivered(3);
  expect(await sync.run({ force: true })).toMatchObject({ counts: { processed: 3 } });
  expect([...sync.sink.texts().values()].every(isOfToday)).toBe(true);
});

const merge = { maxCharacters: 40 };
const group = "2025-01-01~no-place@CTX.md";

/** Two notes that an older program has written into one document. */
async function deliveredGroup() {
  const sync = await quickHarness({}, { merge });
  sync.source.memories = memories(2);
  const older = new Before(createStrategy("standard"), { skipEmptyTranscripts: true, merge });
  await sync.with({ transformer: older }).run();
  const held = [...sync.sink.texts()];
  expect(held).toEqual([[group, expect.stringMatching(/^Memories of /u)]]);
  return { ...sync, held, text: () => sync.sink.texts().get(group) };
}

test("a group that stands in the older form stays so: nothing is sent, and after a reset it is adopted", async () => {
  const sync = await deliveredGroup();
  const anew = sync.with({ enrichment: other(sync) });
  expect(await anew.run()).toMatchObject({ outcome: "success", counts: { unchanged: 2, submitted: 0 } });
  await sync.state.resetConnector("c");
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { adopted: 1, deleted: 0 } });
  expect([...sync.sink.texts()]).toEqual(sync.held);
  expect(await sync.run()).toMatchObject({ counts: { unchanged: 2, submitted: 0 } });
});

test("a group that changes is written in the present form", async () => {
  const sync = await deliveredGroup();
  sync.source.memories = memories(3);
  expect(await sync.run()).toMatchObject({ counts: { new: 1, deleted: 1, processed: 1 } });
  expect(sync.text()).toMatch(
    /^notes of wednesday 1 january 2025 utc \[[0-9a-f]{10}\]\n\n00:00:00 \[m0\]\n/u,
  );
});

test("a group is brought into the present form when a person asks, and a plan counts it", async () => {
  const sync = await deliveredGroup();
  const ask = { force: false, outdated: true, filter: {} };
  const plan = () => planRun(sync, sync.settings, ask, new AbortController().signal);
  expect(await plan()).toMatchObject({ documents: 1, outdated: 1, changed: 0, unchanged: 2 });
  expect(await sync.run({ outdated: true })).toMatchObject({ outcome: "success", counts: { processed: 1 } });
  expect(sync.text()).toMatch(/^notes of /u);
  expect(await plan()).toMatchObject({ documents: 0 });
  expect(await sync.run({ outdated: true })).toMatchObject({ counts: { submitted: 0 } });
});

test("a group of which a note is stored anew with the same words keeps its document", async () => {
  const sync = await deliveredGroup();
  const note = await sync.row("m0");
  const memory = memoryOf("m0", { updatedAt: "2025-01-02T00:00:00Z" });
  const { contentHash, sourceHash, groupKey, fileSource } = note;
  const content = { memory, contentHash: `${contentHash}`, sourceHash, groupKey, fileSource };
  await new LedgerWriter(sync).apply([{ row: note, event: { type: "skip", content, reason: "merged" } }]);
  expect((await sync.row("2025-01-01~no-place")).status).toBe("processed");
});

test("what is known for the time being only keeps its document, because it would be sent twice", async () => {
  const sync = await delivered(3);
  const enrich = async (_contextId: string, memory: Memory) => withFacts(memory, { provisional: true });
  const enrichment = { ...sync.enrichment, forRun: () => ({ enrich }) };
  expect(await sync.with({ enrichment }).run({ outdated: true })).toMatchObject({ counts: { submitted: 0 } });
  expect([...sync.sink.texts()]).toEqual(sync.held);
});
