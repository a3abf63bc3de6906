import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { recordSubmission } from "./delivery-events.ts";

async function writing(transcript = "what a says") {
  const sync = await quickHarness();
  const run = await runContext(sync);
  const rows = await pendingRows(sync, [memoryOf("a", { transcript }), memoryOf("b")]);
  return { ...sync, run, rows };
}

test("rows are being submitted, with the id and the text that LightRAG will have", async () => {
  const { run, rows, row, transformer } = await writing();
  const written = transformer.write("CTX", memoryOf("a"));
  const deliveries = await recordSubmission(run, rows);
  expect(deliveries).toMatchObject([
    { row: { memoryId: "a", status: "submitting" }, document: { fileSource: "a@CTX.md" } },
    { row: { memoryId: "b" }, document: { fileSource: "b@CTX.md" } },
  ]);
  expect(written).toMatchObject({ text: deliveries[0]?.document.text });
  expect(await row("a")).toMatchObject({
    status: "submitting",
    documentId: "doc-a@CTX.md",
    contentHash: written.contentHash,
    version: deliveries[0]?.row.version,
  });
});

test("a memory that says nothing any more is skipped and not sent", async () => {
  const { run, rows, row } = await writing(" ");
  expect((await recordSubmission(run, rows)).map(({ row }) => row.memoryId)).toEqual(["b"]);
  expect(await row("a")).toMatchObject({
    status: "skipped",
    skipReason: "empty_transcript",
    fileSource: "a@CTX.md",
    sourceHash: null,
    groupKey: null,
    memoryCreatedAt: Date.parse("2025-01-01T00:00:00Z"),
  });
});

test("a memory that the ledger has lost is a dead letter that names it", async () => {
  const { run, rows, row, state } = await writing();
  const [a] = rows;
  if (a === undefined) throw new Error("no row");
  const saved = await state.saveRows([{ ...a, payload: null }]);
  expect(await recordSubmission(run, saved)).toEqual([]);
  expect(await row("a")).toMatchObject({
    status: "dead",
    error: { code: "PAYLOAD_MISSING", message: "the ledger has lost the memory that was to be delivered" },
  });
});
