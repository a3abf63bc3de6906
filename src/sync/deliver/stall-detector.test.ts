import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { runContext } from "../../../test/support/run-context.ts";
import { plainEnrichment, syncHarness } from "../../../test/support/sync-harness.ts";
import { newRow } from "../../domain/ledger.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { inFlight } from "./in-flight-window.ts";
import { StallDetector, stallEvent } from "./stall-detector.ts";

const lost = {
  code: "SINK_DOCUMENT_LOST",
  message: "LightRAG accepted the document and has no record of it",
};
const stuck = {
  code: "SINK_DOCUMENT_STUCK",
  message: expect.stringMatching(/^LightRAG's record of the document stays "(pending|processing)"$/u),
};
const { signal } = new AbortController();
const row = {
  ...newRow({ connectorId: "c", contextId: "CTX", memoryId: "a" }, "a@CTX.md", 0),
  status: "submitted" as const,
};

type Records = (Partial<DocumentRecord> | null)[];

/** A watch over one delivery for each record. */
async function watchingAll(shown: Records) {
  const clock = new ManualClock();
  const sync = await syncHarness({ quietMs: 100, stuckAfterMs: 1_000, graceMs: 50 }, clock, plainEnrichment, {
    backend: "memory",
  });
  const run = await runContext(sync);
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  const entries = shown.map(() => inFlight(row, null, clock.monotonic()));
  const watch = new StallDetector(run);
  const records = shown.map((record) =>
    record === null ? undefined : ({ updatedAt: 1, ...record } as DocumentRecord),
  );
  const lookAfter = async (ms: number) => {
    clock.advance(ms);
    const still = await watch.look(entries, records, signal);
    expect([...still].every((entry) => entries.includes(entry))).toBe(true);
    return entries.map((entry, index) => {
      const event = stallEvent(run, entry, records[index]);
      return still.has(entry) && event.type === "fail" ? event.error : null;
    });
  };
  return { sink: sync.sink, records, notices, lookAfter };
}

async function watching(record: Partial<DocumentRecord> | null) {
  const { lookAfter, ...world } = await watchingAll([record]);
  return { ...world, lookAfter: async (ms: number) => (await lookAfter(ms))[0] };
}

test("an idle LightRAG is asked three times to go on with a document before it counts as stuck", async () => {
  const { sink, lookAfter } = await watching({ status: "pending" });
  await lookAfter(0);
  for (let times = 1; times <= 3; times++) {
    expect(await lookAfter(100)).toBeNull();
    expect(sink.calls).toHaveLength(times);
  }
  expect(await lookAfter(100)).toMatchObject(stuck);
});

test("what an idle LightRAG has accepted and does not list yet is waited for: there is nothing to go on with", async () => {
  const { sink, lookAfter } = await watching({ status: "pending", awaited: true });
  for (let looks = 0; looks < 9; looks++) expect(await lookAfter(100)).toBeNull();
  expect(sink.calls).toEqual([]);
});

test("a busy LightRAG is not asked to go on, and what waits for its turn is never stuck", async () => {
  const { sink, lookAfter } = await watching({ status: "pending" });
  sink.busy = true;
  for (let looks = 0; looks < 20; looks++) expect(await lookAfter(500)).toBeNull();
  expect(sink.calls).toEqual([]);
});

test("what LightRAG works on is stuck past the deadline, busy or not", async () => {
  const { sink, lookAfter } = await watching({ status: "processing" });
  sink.busy = true;
  await lookAfter(0);
  expect(await lookAfter(1_000)).toBeNull();
  expect(await lookAfter(1)).toMatchObject(stuck);
});

test("without a record a document is lost after the grace, while LightRAG is at work only after the deadline", async () => {
  const { sink, lookAfter } = await watching(null);
  expect(await lookAfter(49)).toBeNull();
  sink.busy = true;
  expect(await lookAfter(1)).toBeNull();
  sink.busy = false;
  expect(await lookAfter(0)).toMatchObject(lost);
  sink.busy = true;
  expect(await lookAfter(950)).toBeNull();
  expect(await lookAfter(1)).toMatchObject(lost);
});

test("LightRAG is asked to go on when nothing has moved for a while, and only about what it knows", async () => {
  const { sink, notices, records, lookAfter } = await watchingAll([{ status: "pending" }, null]);
  await lookAfter(150);
  await lookAfter(99);
  expect(sink.calls).toEqual([]);
  records[0] = { ...records[0], updatedAt: 2 } as DocumentRecord;
  await lookAfter(1);
  await lookAfter(99);
  expect(sink.calls).toEqual([]);
  await lookAfter(1);
  expect(sink.calls).toEqual(["resume"]);
  expect(notices).toEqual(["nothing moves; taken up again: 1 unfinished document of this run"]);
});

test("LightRAG is not asked to go on with documents of which it has no record", async () => {
  const { sink, lookAfter } = await watching(null);
  await lookAfter(100);
  await lookAfter(100);
  expect(sink.calls).toEqual([]);
});

test("a record that is written anew moves, whatever its status", async () => {
  const { sink, records, lookAfter } = await watching({ status: "processing" });
  sink.busy = true;
  await lookAfter(0);
  for (let looks = 2; looks < 6; looks++) {
    records[0] = { ...records[0], updatedAt: looks } as DocumentRecord;
    expect(await lookAfter(900)).toBeNull();
  }
});

test("one that may come to its turn is waited for, and one that may not is not, side by side", async () => {
  const { sink, lookAfter } = await watchingAll([{ status: "pending" }, { status: "processing" }]);
  sink.busy = true;
  await lookAfter(0);
  expect(await lookAfter(1_001)).toMatchObject([null, { code: "SINK_DOCUMENT_STUCK" }]);
});

test("one that was asked for in vain counts as stuck, even if LightRAG is at work by then", async () => {
  const { sink, lookAfter } = await watching({ status: "pending" });
  await lookAfter(0);
  for (let times = 1; times <= 3; times++) await lookAfter(100);
  let asked = 0;
  sink.isBusy = async () => asked++ > 0;
  expect(await lookAfter(100)).toMatchObject(stuck);
});
