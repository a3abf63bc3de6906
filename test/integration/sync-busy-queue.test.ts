import { expect, test } from "vitest";
import { simulatedSink } from "../support/simulated-sink-harness.ts";
import { memoryOf, syncHarness } from "../support/sync-harness.ts";

const hasty = { graceMs: 20, quietMs: 50, slowestPollMs: 30 };

test("a LightRAG whose queue lags far behind is waited for: each document is sent once and none is deleted", async () => {
  const sync = await simulatedSink({
    memories: 24,
    server: { enqueueMs: 1_500, processingMs: 5 },
    client: { timing: { graceMs: 20 } },
    settings: { ...hasty, maxInFlight: 24 },
  });
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    errors: [],
    counts: { submitted: 24, processed: 24, deleted: 0, dead: 0 },
  });
  expect(sync.simulator.counts).toMatchObject({ inserted: 24, notes: 0, deleted: 0 });
});

test.each(["1.4", "1.5"] as const)(
  "what an idle LightRAG %s lists long after it has accepted it is sent once and not deleted",
  async (generation) => {
    const sync = await simulatedSink({
      memories: 3,
      server: { generation, enqueueMs: 1_500 },
      client: { timing: { graceMs: 60_000 } },
      settings: { quietMs: 50, slowestPollMs: 30 },
    });
    expect(await sync.run()).toMatchObject({
      outcome: "success",
      errors: [],
      counts: { submitted: 3, processed: 3, deleted: 0, dead: 0 },
    });
    expect(sync.simulator.counts).toMatchObject({ inserted: 3, deleted: 0 });
    expect(sync.simulator.counts.requests["POST /documents/reprocess_failed"]).toBeUndefined();
  },
);

test("a document that is queued behind those of others is not stuck, however long they take", async () => {
  const sync = await simulatedSink({
    memories: 3,
    server: { processingMs: 150, parallel: 1 },
    settings: { ...hasty, stuckAfterMs: 300 },
  });
  await sync.sink.connect(new AbortController().signal);
  const others = Array.from({ length: 8 }, (_, at) => ({
    fileSource: `other${at}.md`,
    text: `Other ${at}.`,
  }));
  await sync.sink.submit(others, new AbortController().signal);
  expect(await sync.run()).toMatchObject({ outcome: "success", errors: [], counts: { deleted: 0 } });
  expect(sync.simulator.counts.deleted).toBe(0);
});

test("what was taken for lost and has been processed meanwhile is adopted and not deleted", async () => {
  const sync = await syncHarness({ graceMs: 10 });
  sync.source.memories = [memoryOf("a")];
  let isLate = true;
  const find = sync.sink.find.bind(sync.sink);
  sync.sink.find = async (refs) => (isLate ? refs.map(() => undefined) : find(refs));
  sync.events.on("item:failed", () => {
    isLate = false;
  });
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    errors: [{ code: "SINK_DOCUMENT_LOST" }],
    counts: { adopted: 1, processed: 1, deleted: 0, submitted: 1 },
  });
  expect(sync.sink.calls).toEqual(["submit 1"]);
});

test("a text that LightRAG holds already is not deleted to be sent again, unless a person forces it", async () => {
  const sync = await syncHarness();
  sync.source.memories = [memoryOf("a", { transcript: "old" })];
  await sync.run();
  const before = await sync.row("a");
  sync.source.memories = [memoryOf("a", { transcript: "new" })];
  await sync.run();
  // The ledger is that of before the change, as after the restore of an old copy.
  await sync.state.saveRows([{ ...before, version: (await sync.row("a")).version }]);
  sync.sink.calls.length = 0;
  expect(await sync.run()).toMatchObject({ counts: { changed: 1, adopted: 1, processed: 1, deleted: 0 } });
  expect(sync.sink.calls).toEqual([]);
  expect(await sync.run({ force: true })).toMatchObject({ counts: { deleted: 1, submitted: 1 } });
});

test("a document that LightRAG is at work on is not deleted because it was taken for lost", async () => {
  const sync = await syncHarness({ graceMs: 10, slowestPollMs: 20 });
  sync.source.memories = [memoryOf("a")];
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processing" });
  let isLate = true;
  let looks = 0;
  const find = sync.sink.find.bind(sync.sink);
  sync.sink.find = async (refs) => {
    if (isLate) return refs.map(() => undefined);
    looks += 1;
    for (const record of sync.sink.documents.values())
      if (looks === 3) Object.assign(record, { status: "processed", chunks: 1 });
    return find(refs);
  };
  sync.events.on("item:failed", () => {
    isLate = false;
  });
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 1, deleted: 0 } });
  expect(sync.sink.calls).toEqual(["submit 1"]);
});
