import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { recoverInFlight } from "./recover-in-flight.ts";

/** A row as a process left it that died in the middle, and LightRAG's record of its document, if there is one. */
async function interrupted(
  status: LedgerRow["status"],
  record: Partial<DocumentRecord> | null,
  change: Partial<LedgerRow> = {},
) {
  const sync = await quickHarness();
  const run = await runContext(sync);
  const [row] = await pendingRows(sync, [memoryOf("a")]);
  const written = sync.transformer.write("CTX", memoryOf("a"));
  if (row === undefined || written.kind !== "document") throw new Error("no row");
  const documentId = "doc-a@CTX.md";
  const trackId = status === "submitted" ? "track-1" : null;
  await sync.state.saveRows([{ ...row, status, documentId, trackId, ...change }]);
  sync.sink.onInsert = (inserted) => Object.assign(inserted, record);
  if (record !== null) await sync.sink.submit([{ fileSource: written.fileSource, text: written.text }]);
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  await recoverInFlight(run, run.signal);
  return { row: await sync.row("a"), notices, sink: sync.sink, counts: run.report.counts };
}

const processed = { status: "processed", chunks: 1 } as const;

test.each<[string, Partial<DocumentRecord> | null, Partial<LedgerRow>]>([
  ["nothing", null, { status: "pending", documentId: null, attempts: 0 }],
  ["the document, processed", processed, { status: "processed", payload: null }],
  ["the document, at work", { status: "processing" }, { status: "submitted", trackId: "track-1" }],
  ["another text", { ...processed, contentLength: 1 }, { status: "deleting", deleteReason: "update" }],
  ["the document, failed", { status: "failed", error: "no" }, { status: "failed", attempts: 1 }],
])("a row that was being submitted when LightRAG has %s is settled by that", async (_, record, left) => {
  const { row, notices, sink } = await interrupted("submitting", record);
  expect(row).toMatchObject(left);
  expect(notices).toEqual(["checked 1 delivery of an earlier run against LightRAG's records"]);
  expect(sink.calls.filter((call) => call.startsWith("submit"))).toHaveLength(record === null ? 0 : 1);
});

test.each<[string, Partial<DocumentRecord> | null, Partial<LedgerRow>]>([
  ["no record yet", null, { status: "submitted", documentId: "doc-a@CTX.md" }],
  ["the document, processed", processed, { status: "processed" }],
  ["another text", { ...processed, contentLength: 1 }, { status: "failed", attempts: 1 }],
])("a row that was submitted when LightRAG has %s is settled by that", async (_, record, left) => {
  expect((await interrupted("submitted", record)).row).toMatchObject(left);
});

test.each(["pending", "failed", "deleting", "dead", "processed"] as const)(
  "a row that is %s is none of its business",
  async (status) => {
    const { row, notices } = await interrupted(status, null);
    expect(row.status).toBe(status);
    expect(notices).toEqual([]);
  },
);

test("more rows than fit into one question are all asked for, and counted", async () => {
  const sync = await quickHarness();
  const run = await runContext(sync);
  const rows = await pendingRows(
    sync,
    Array.from({ length: 201 }, (_, at) => memoryOf(`m${at}`)),
  );
  await sync.state.saveRows(rows.map((row) => ({ ...row, status: "submitting" as const })));
  const asked: number[] = [];
  const find = sync.sink.find.bind(sync.sink);
  sync.sink.find = async (refs) => {
    asked.push(refs.length);
    return find(refs);
  };
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  await recoverInFlight(run, run.signal);
  expect(asked).toEqual([200, 1]);
  expect(notices).toEqual(["checked 201 deliveries of an earlier run against LightRAG's records"]);
  expect((await sync.state.countRows("c")).pending).toBe(201);
});
