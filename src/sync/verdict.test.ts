import { expect, test } from "vitest";
import { documentIdOf } from "../lightrag/document-id.ts";
import { summarize } from "../lightrag/document-text.ts";
import type { DocumentRecord, OutgoingDocument } from "../lightrag/light-rag-client.ts";
import { newRow } from "../state/ledger.ts";
import { proofOf, verdictOf } from "./verdict.ts";

const text = "Memory a of CTX (revision 1)\n\nWhat a says.";
const fileSource = "a@CTX.md";
const sinkOf = (generation: "1.4" | "1.5") => ({
  predictDocumentId: (document: OutgoingDocument) => documentIdOf(generation, document),
});

function delivery(generation: "1.4" | "1.5") {
  const documentId = documentIdOf(generation, { fileSource, text });
  const row = newRow({ connectorId: "c", contextId: "CTX", memoryId: "a" }, fileSource, 0);
  const record: DocumentRecord = {
    documentId,
    fileSource,
    status: "processed",
    trackId: "t",
    chunks: 1,
    error: undefined,
    modelUnavailable: false,
    updatedAt: 0,
    ...summarize(text),
  };
  return { record, expected: { row: { ...row, documentId, trackId: "t" }, text: summarize(text) } };
}

const wrong: [string, Partial<DocumentRecord>][] = [
  ["name", { fileSource: "b@CTX.md" }],
  ["length", { contentLength: 27 }],
  ["beginning", { contentSummary: "Something else" }],
];

test.each(["1.4", "1.5"] as const)("a record that shows the wanted document is proof (%s)", (generation) => {
  const { record, expected } = delivery(generation);
  expect(proofOf(sinkOf(generation), record, expected)).toEqual({ kind: "proved" });
  expect(verdictOf(sinkOf(generation), record, expected)).toEqual({ kind: "proved" });
});

test.each(
  wrong.flatMap((each) => (["1.4", "1.5"] as const).map((generation) => [generation, ...each] as const)),
)("in %s a record of an accepted document with another %s is a failure", (generation, name, change) => {
  const { record, expected } = delivery(generation);
  const verdict = proofOf(sinkOf(generation), { ...record, ...change }, expected);
  expect(verdict).toMatchObject({
    kind: "failed",
    error: { code: "SINK_RECORD_CONTRADICTS", message: expect.stringContaining(name) },
  });
});

test.each(wrong)(
  "a record that is found under the name, with another %s, is of another document",
  (_, change) => {
    const { record, expected } = delivery("1.5");
    expect(verdictOf(sinkOf("1.5"), { ...record, ...change }, expected)).toEqual({ kind: "other" });
  },
);

test("the same text under a foreign name is adopted where LightRAG knows documents by their text", () => {
  const { record, expected } = delivery("1.4");
  const foreign = { ...record, fileSource: "theirs.md", trackId: "theirs" };
  expect(verdictOf(sinkOf("1.4"), foreign, expected)).toEqual({ kind: "proved" });
});

test("without the text, name and state are what is left to compare", () => {
  const { record, expected } = delivery("1.5");
  const row = { ...expected, text: null };
  expect(proofOf(sinkOf("1.5"), record, row)).toEqual({ kind: "proved" });
  expect(proofOf(sinkOf("1.5"), { ...record, fileSource: "b.md" }, row)).toMatchObject({ kind: "failed" });
});

test("a failure that documents share is nobody's, and the model's absence comes first", () => {
  const { record, expected } = delivery("1.5");
  const failed = { ...record, status: "failed" as const, error: "index flush failed: 429" };
  expect(proofOf(sinkOf("1.5"), failed, expected)).toMatchObject({ kind: "shared" });
  expect(proofOf(sinkOf("1.5"), { ...failed, modelUnavailable: true }, expected)).toMatchObject({
    kind: "model",
  });
});
