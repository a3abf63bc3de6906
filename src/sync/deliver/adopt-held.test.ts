import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { SinkInfo } from "../../sinks/lightrag/light-rag-client.ts";

/** A source and a LightRAG that have the same memories, and a ledger that has lost them. `others`: documents beside them. */
async function afterLoss(count: number, others = 0) {
  const before = await quickHarness();
  const sync = await quickHarness();
  const memories = Array.from({ length: count }, (_, n) => memoryOf(`m${n}`));
  before.source.memories = memories;
  sync.source.memories = memories;
  await before.run();
  const { documents } = before.sink;
  for (const [id, held] of documents) sync.sink.documents.set(id, held);
  const info = await sync.sink.connect();
  sync.sink.connect = async (): Promise<SinkInfo> => ({ ...info, documents: documents.size + others });
  let listings = 0;
  const { list } = sync.sink;
  sync.sink.list = () => {
    listings += 1;
    return list.call(sync.sink);
  };
  return { ...sync, listings: () => listings };
}

test("what LightRAG holds is adopted from its listing, and nothing is sent", async () => {
  const { run, sink, listings } = await afterLoss(50);
  const { counts, outcome } = await run();
  expect(outcome).toBe("success");
  expect(counts).toMatchObject({ new: 50, adopted: 50, processed: 50, submitted: 0 });
  expect(sink.calls).toEqual([]);
  expect(listings()).toBe(1);
});

test("a document with another text is replaced, one that is still at work awaited, and one that is not there sent", async () => {
  const { run, sink } = await afterLoss(50);
  const [first, second, third] = [...sink.documents.values()];
  if (first === undefined || second === undefined || third === undefined) throw new Error("nothing is held");
  Object.assign(first, { contentLength: 1 });
  Object.assign(second, { status: "processing", chunks: 0 });
  sink.documents.delete(third.documentId);
  const { find } = sink;
  sink.find = (refs) => {
    Object.assign(second, { status: "processed", chunks: 1 });
    return find.call(sink, refs);
  };
  const { counts, outcome } = await run();
  expect(outcome).toBe("success");
  expect(counts).toMatchObject({ adopted: 48, processed: 50, submitted: 2 });
  expect(sink.calls).toEqual(["remove 1", "submit 2"]);
});

test("a long listing is read only where some of the memories are in it", async () => {
  const held = await afterLoss(100, 20_000);
  expect((await held.run()).counts).toMatchObject({ adopted: 100, submitted: 0 });
  expect(held.listings()).toBe(1);
  const fresh = await afterLoss(100, 20_000);
  fresh.sink.documents.clear();
  expect((await fresh.run()).counts).toMatchObject({ adopted: 0, submitted: 100 });
  expect(fresh.listings()).toBe(0);
});

test("no listing is read for less than it costs, nor where the ledger knows all that LightRAG holds", async () => {
  const few = await afterLoss(4, 20_000);
  expect((await few.run()).counts).toMatchObject({ adopted: 4, processed: 4 });
  expect(few.listings()).toBe(0);
  const known = await afterLoss(50, -50);
  known.sink.documents.clear();
  await known.run();
  expect(known.listings()).toBe(0);
});
