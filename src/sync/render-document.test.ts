import { expect, test } from "vitest";
import { pendingRows } from "../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import { summarize } from "../sinks/lightrag/document-text.ts";
import { documentRef, sentSummary, summaryOf, textOf } from "./render-document.ts";

async function rowOf(change: Partial<LedgerRow> = {}) {
  const sync = await quickHarness();
  const [row] = await pendingRows(sync, [memoryOf("a")]);
  if (row === undefined) throw new Error("a row");
  const written = sync.transformer.write("CTX", memoryOf("a"));
  return { sync, row: { ...row, ...change }, text: written.kind === "document" ? written.text : "" };
}

test("the wanted text is that of the memory that the row keeps", async () => {
  const { sync, row, text } = await rowOf();
  expect(textOf(sync, row)).toBe(text);
  expect(summaryOf(sync, row)).toEqual(summarize(text));
  expect(sentSummary(sync, row)).toEqual(summarize(text));
});

test.each([
  ["without a memory", { payload: null }],
  ["whose memory is to be skipped", { payload: memoryOf("a", { transcript: "" }) }],
])("a row %s wants no text", async (_, change) => {
  const { sync, row } = await rowOf(change);
  expect([textOf(sync, row), summaryOf(sync, row), sentSummary(sync, row)]).toEqual([null, null, null]);
});

test("a text that would be another one today is not what was sent", async () => {
  const { sync, row, text } = await rowOf({ contentHash: "other" });
  expect(sentSummary(sync, row)).toBeNull();
  expect(textOf(sync, row)).toBe(text);
});

test("a document is found by its name, and by its id and track where it has any", async () => {
  const { row } = await rowOf({ documentId: "d", trackId: "t" });
  expect(documentRef(row)).toEqual({ fileSource: "a@CTX.md", documentId: "d", trackId: "t" });
  const nothing = { fileSource: "a@CTX.md", documentId: "", trackId: undefined };
  expect(documentRef({ ...row, documentId: null, trackId: null })).toEqual(nothing);
  expect(documentRef({ ...row, documentId: null, trackId: "" })).toEqual(nothing);
});
