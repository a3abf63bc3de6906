import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { runContext } from "../../test/support/run-context.ts";
import { plainEnrichment, syncHarness } from "../../test/support/sync-harness.ts";
import type { DocumentRecord } from "../lightrag/light-rag-client.ts";
import { newRow } from "../state/ledger.ts";
import { inFlight } from "./in-flight-window.ts";
import { StillnessWatch, stillnessEvent } from "./stillness.ts";

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

async function watching(record: Partial<DocumentRecord> | null) {
  const clock = new ManualClock();
  const sync = await syncHarness({ quietMs: 100, stuckAfterMs: 1_000, graceMs: 50 }, clock, plainEnrichment, {
    backend: "memory",
  });
  const run = await runContext(sync);
  const entry = inFlight(row, null, clock.monotonic());
  const watch = new StillnessWatch(run);
  const records = [record === null ? undefined : ({ updatedAt: 1, ...record } as DocumentRecord)];
  const lookAfter = async (ms: number) => {
    clock.advance(ms);
    if (!(await watch.look([entry], records, signal)).has(entry)) return null;
    const event = stillnessEvent(run, entry, records[0]);
    return event.type === "fail" ? event.error : null;
  };
  return { sink: sync.sink, entry, lookAfter };
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
