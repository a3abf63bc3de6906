import { expect, test } from "vitest";
import { simulatedSink } from "../support/simulated-sink-harness.ts";
import { memoryOf, syncHarness } from "../support/sync-harness.ts";

const server = { parallel: 4, processingMs: 5 };

test("a document whose vectors are refused costs the others no attempt: it alone is a dead letter", async () => {
  const sync = await simulatedSink({ memories: 24, server });
  sync.simulator.model = { refuseVectorsOf: "what m7 says" };
  const run = await sync.run();
  expect(run).toMatchObject({ outcome: "partial", counts: { processed: 23, deadLetters: 1 } });
  expect(run.errors).toMatchObject([{ code: "SINK_DOCUMENT_FAILED", count: 3 }]);
  expect(sync.held()).toEqual(sync.names("m7"));
  expect(await sync.row("m7")).toMatchObject({
    status: "dead",
    attempts: 3,
    error: { message: expect.stringContaining("index flush failed") },
  });
});

test.each([[["m0", "m1"]], [["m3", "m23"]]])(
  "two such documents (%s) are dead letters, and only they",
  async (ids) => {
    const sync = await simulatedSink({ memories: 24, server });
    sync.source.memories = sync.source.memories.map((memory) =>
      ids.includes(memory.id) ? { ...memory, transcript: "poison" } : memory,
    );
    sync.simulator.model = { refuseVectorsOf: "poison" };
    expect(await sync.run()).toMatchObject({ counts: { processed: 22, deadLetters: 2 } });
    expect(sync.held()).toEqual(sync.names(...ids));
  },
);

test("the replay of such a dead letter keeps nobody hostage", async () => {
  const sync = await simulatedSink({ memories: 12, server });
  sync.simulator.model = { refuseVectorsOf: "what m7 says" };
  await sync.run();
  const { applyEvent } = await import("../../src/domain/ledger.ts");
  await sync.state.saveRows([applyEvent(await sync.row("m7"), { type: "replay" }, Date.now())]);
  const changed = ["m1", "m2", "m3"];
  sync.source.memories = sync.source.memories.map((memory) =>
    changed.includes(memory.id) ? { ...memory, transcript: `new ${memory.id}` } : memory,
  );
  const run = await sync.run();
  expect(run).toMatchObject({ counts: { processed: 3, deleted: expect.any(Number), deadLetters: 1 } });
  expect(sync.held()).toEqual(sync.names("m7"));
  for (const id of changed) expect(await sync.row(id)).toMatchObject({ status: "processed", attempts: 0 });
});

test("failures that pass, one in five, kill no document", async () => {
  const sync = await simulatedSink({ memories: 24, server });
  sync.simulator.model = { failEveryFlush: 5 };
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 24, dead: 0 } });
});

test("one of five requests of any kind fails in passing, and every document arrives once", async () => {
  const sync = await simulatedSink({ memories: 24, server });
  const answer = { status: 500, body: { detail: "Internal server error (error_id: x)" } };
  const times = Number.POSITIVE_INFINITY;
  sync.simulator.fail({ route: "", kind: "answer", answer, every: 5, times });
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 24, dead: 0 } });
  expect(sync.held()).toEqual(sync.names());
});

test("a group that cannot be deleted is divided until the document that is to blame is known", async () => {
  const sync = await syncHarness({ maxInFlight: 40, concurrency: 10 });
  sync.source.memories = Array.from({ length: 10 }, (_, at) => memoryOf(`m${at}`));
  await sync.run();
  const { ConnectorError } = await import("../../src/kernel/errors/connector-error.ts");
  const remove = sync.sink.remove.bind(sync.sink);
  sync.sink.remove = async (ids) => {
    if (ids.includes("doc-m3@CTX.md")) throw new ConnectorError("SINK_DELETE_REFUSED", "names its first id");
    return remove(ids);
  };
  sync.source.memories = sync.source.memories.map((memory) => ({
    ...memory,
    transcript: `new ${memory.id}`,
  }));
  expect(await sync.run({ acceptResends: true })).toMatchObject({ counts: { processed: 9, deadLetters: 1 } });
  expect(await sync.row("m3")).toMatchObject({ status: "dead", error: { code: "SINK_DELETE_REFUSED" } });
});

test("what failed together is sent alone, also after the process was restarted", async () => {
  const sync = await syncHarness({ concurrency: 4 });
  sync.source.memories = ["a", "b", "c"].map((id) => memoryOf(id));
  const ended = new AbortController();
  sync.sink.onInsert = (record) =>
    Object.assign(record, { status: "failed", error: "Cancelled by internal error: index flush failed" });
  sync.events.on("item:changed", ({ to }) => (to === "deleting" ? ended.abort() : undefined));
  await sync.run({}, ended.signal);
  expect(await sync.row("b")).toMatchObject({ attempts: 0, error: { code: "SINK_SHARED_FAILURE" } });
  sync.sink.calls.length = 0;
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 1 });
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 3 } });
  expect(sync.sink.calls.filter((call) => call.startsWith("submit"))).toEqual(Array(3).fill("submit 1"));
});
