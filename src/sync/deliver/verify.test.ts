import { describe, expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { applyEvent } from "../../domain/ledger.ts";
import type { DocumentRecord, LightRagClient } from "../../sinks/lightrag/light-rag-client.ts";
import { sentSummary } from "../render-document.ts";
import { InFlightWindow, inFlight } from "./in-flight-window.ts";
import { FailureStreak, ModelBackoff } from "./model-backoff.ts";
import { Verifier } from "./verify.ts";

interface Shape {
  ids?: readonly string[];
  capacity?: number;
  places?: number;
  wait?: boolean;
}

/** Documents that LightRAG has accepted, with records that a test may change, and who looks at them. */
async function verifying({ ids = ["a"], capacity = 8, places = 1, wait = true }: Shape = {}) {
  const retry = { maxAttempts: 3, initialBackoffMs: 1_000, backoffMultiplier: 1, maxBackoffMs: 1_000 };
  const sync = await quickHarness({ retry, slowestPollMs: 400, modelPauseMs: 70 });
  const run = await runContext(sync, { wait });
  const pauses: string[] = [];
  const backoff = new ModelBackoff({
    pauseMs: 70,
    maxPauses: 2,
    clock: sync.clock,
    onPause: (ms, reason) => pauses.push(`${ms} ${reason}`),
  });
  const window = new InFlightWindow(capacity);
  sync.sink.onInsert = () => undefined;
  const rows = await pendingRows(
    sync,
    ids.map((id) => memoryOf(id)),
  );
  for (const row of rows) {
    const written = sync.transformer.write("CTX", memoryOf(row.memoryId));
    if (written.kind !== "document") throw new Error("no document");
    const [outcome] = await sync.sink.submit([{ fileSource: written.fileSource, text: written.text }]);
    if (outcome?.kind !== "accepted") throw new Error("not accepted");
    const documentId = outcome.documentId;
    const submitting = applyEvent(row, { type: "submit", documentId, contentHash: written.contentHash }, 0);
    const submitted = applyEvent(submitting, { type: "accepted", documentId, trackId: outcome.trackId }, 0);
    const [first] = await sync.state.saveRows([submitting]);
    const [saved] = await sync.state.saveRows([{ ...submitted, version: first?.version ?? 0 }]);
    if (saved === undefined) throw new Error("no row");
    await window.reserve(places, run.signal);
    window.add(inFlight(saved, sentSummary(run, saved), 0, places));
  }
  const record = (id: string): DocumentRecord => {
    const found = sync.sink.documents.get(`doc-${id}@CTX.md`);
    if (found === undefined) throw new Error("no record");
    return found;
  };
  const progress: unknown[] = [];
  sync.events.on("run:progress", (event) => progress.push(event));
  const verifier = new Verifier(run, window, {
    backoff,
    streak: new FailureStreak(sync.sink as LightRagClient),
  });
  const verify = () => {
    verifier.finish();
    return verifier.verify(run.signal);
  };
  return { ...sync, run, window, backoff, pauses, record, progress, verifier, verify };
}

const processed = { status: "processed", chunks: 1 } as const;

test("a delivery is done when its record proves it: it leaves the window, and progress is told", async () => {
  const world = await verifying({ ids: ["a", "b"] });
  Object.assign(world.record("a"), { ...processed, entities: 2 });
  Object.assign(world.record("b"), { ...processed, entities: 0 });
  world.run.report.expected = 5;
  await world.verify();
  for (const id of ["a", "b"])
    expect(await world.row(id)).toMatchObject({ status: "processed", payload: null });
  expect(world.window.size).toBe(0);
  await world.window.reserve(8, world.run.signal);
  expect(world.run.report.entityRecords).toEqual({ documents: 2, foundSome: true });
  expect(world.progress).toMatchObject([
    { runId: "r", connectorId: "c", phase: "deliver", done: 2, total: 5, counts: { processed: 2 } },
  ]);
});

test.each<[string, Partial<DocumentRecord>, object]>([
  [
    "failed",
    { status: "failed", error: "hiccup" },
    { status: "failed", attempts: 1, error: { code: "SINK_DOCUMENT_FAILED" } },
  ],
  [
    "of another length",
    { ...processed, contentLength: 1 },
    { status: "failed", error: { code: "SINK_RECORD_CONTRADICTS" } },
  ],
  [
    "processed without chunks",
    { status: "processed" },
    { status: "failed", error: { code: "SINK_NO_CHUNKS" } },
  ],
  [
    "failed with others",
    { status: "failed", error: "index flush failed" },
    { status: "deleting", attempts: 0, error: { code: "SINK_SHARED_FAILURE" } },
  ],
  [
    "failed for want of a model",
    { status: "failed", error: "quota", modelUnavailable: true },
    { status: "deleting", attempts: 0, error: null },
  ],
])("a record that is %s settles its delivery", async (_, change, row) => {
  const world = await verifying();
  Object.assign(world.record("a"), change);
  await world.verify();
  expect(await world.row("a")).toMatchObject(row);
  expect(world.window.size).toBe(0);
});

test("a failure that others share is its own when the document had LightRAG to itself", async () => {
  const world = await verifying({ capacity: 8, places: 8 });
  Object.assign(world.record("a"), { status: "failed", error: "index flush failed" });
  await world.verify();
  expect(await world.row("a")).toMatchObject({
    status: "failed",
    attempts: 1,
    error: { code: "SINK_DOCUMENT_FAILED", message: expect.stringContaining("index flush failed") },
  });
  await world.window.reserve(8, world.run.signal);
});

test("deliveries pause when the models are away, and starts over once a document goes through", async () => {
  const world = await verifying({ ids: ["a", "b"] });
  Object.assign(world.record("a"), { status: "failed", error: "quota", modelUnavailable: true });
  let looks = 0;
  const find = world.sink.find.bind(world.sink);
  world.sink.find = async (refs) => {
    looks += 1;
    if (looks === 2) Object.assign(world.record("b"), processed);
    return find(refs);
  };
  await world.verify();
  expect(world.pauses).toEqual(["70 quota"]);
  await world.backoff.wait(world.run.signal);
  world.backoff.pause("again");
  expect(world.pauses).toEqual(["70 quota", "70 again"]);
});

describe("three documents that fail in a row", () => {
  const failing = async (answer: boolean | null | undefined, good = false) => {
    const world = await verifying({ ids: ["a", "b", "c", "d"] });
    const asked: string[] = [];
    if (answer !== undefined)
      Object.assign(world.sink, {
        modelsAnswer: async () => {
          asked.push("asked");
          return answer;
        },
      });
    for (const id of ["a", "b", "c"]) Object.assign(world.record(id), { status: "failed", error: "no" });
    Object.assign(world.record("d"), good ? processed : { ...processed, contentLength: 1 });
    await world.verify();
    const rows = await Promise.all(["a", "b", "c", "d"].map((id) => world.row(id)));
    return {
      asked,
      pauses: world.pauses,
      stands: rows.map(({ status, attempts }) => `${status} ${attempts}`),
    };
  };

  test("are not to blame when the models fail at a question of a few words", async () => {
    expect(await failing(false)).toEqual({
      asked: ["asked"],
      pauses: [expect.stringContaining("70 ")],
      stands: Array(4).fill("deleting 0"),
    });
  });

  test.each([true, null, undefined])("are to blame when the models answer it (%s)", async (answer) => {
    expect(await failing(answer)).toMatchObject({ pauses: [], stands: Array(4).fill("failed 1") });
  });

  test("are to blame beside one that is proved: nobody is asked more than is needed", async () => {
    expect(await failing(true, true)).toMatchObject({
      stands: [...Array(3).fill("failed 1"), "processed 0"],
    });
  });
});

test("looks are far apart while nothing moves, up to the slowest, and hurried while much does", async () => {
  const world = await verifying({ ids: ["a", "b", "c"] });
  let looks = 0;
  const find = world.sink.find.bind(world.sink);
  const settle: Record<number, string[]> = { 7: ["a", "b"], 8: [], 9: ["c"] };
  world.sink.find = async (refs) => {
    looks += 1;
    for (const id of settle[looks] ?? []) Object.assign(world.record(id), processed);
    return find(refs);
  };
  await world.verify();
  expect(world.clock.sleeps).toEqual([25, 50, 100, 200, 400, 400, 400, 2, 4]);
});

test("a look that settles a few slows down no further", async () => {
  const world = await verifying({ ids: ["a", "b", "c"] });
  let looks = 0;
  const find = world.sink.find.bind(world.sink);
  world.sink.find = async (refs) => {
    looks += 1;
    if (looks === 3) Object.assign(world.record("a"), processed);
    if (looks === 4) for (const id of ["b", "c"]) Object.assign(world.record(id), processed);
    return find(refs);
  };
  await world.verify();
  expect(world.clock.sleeps).toEqual([25, 50, 100, 25]);
});

test("who does not wait leaves what is not done yet, once nothing more is submitted", async () => {
  const world = await verifying({ wait: false });
  await world.verify();
  expect(await world.row("a")).toMatchObject({ status: "submitted" });
  expect(world.window.size).toBe(1);
});

test("it goes on as long as something may still be submitted", async () => {
  const world = await verifying({ ids: [] });
  let ended = false;
  const verifying_ = world.verifier.verify(world.run.signal).then(() => {
    ended = true;
  });
  await world.clock.sleep(5_000);
  expect(ended).toBe(false);
  world.verifier.finish();
  await verifying_;
});

test("a document whose record is gone is lost: a failed attempt", async () => {
  const world = await verifying();
  world.sink.documents.clear();
  await world.verify();
  expect(await world.row("a")).toMatchObject({
    status: "failed",
    attempts: 1,
    error: { code: "SINK_DOCUMENT_LOST", message: "LightRAG accepted the document and has no record of it" },
  });
});

test("one that an idle LightRAG does not go on with is stuck", async () => {
  const world = await verifying();
  await world.verify();
  expect(await world.row("a")).toMatchObject({
    status: "failed",
    error: { code: "SINK_DOCUMENT_STUCK", message: `LightRAG's record of the document stays "pending"` },
  });
  expect(world.sink.calls.filter((call) => call === "resume").length).toBeGreaterThan(0);
});
