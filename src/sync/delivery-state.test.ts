import { expect, test } from "vitest";
import { newRow } from "../domain/ledger.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { documentIdOf } from "../sinks/lightrag/document-id.ts";
import { summarize } from "../sinks/lightrag/document-text.ts";
import type { DocumentRecord, OutgoingDocument } from "../sinks/lightrag/light-rag-client.ts";
import { type DeliveryState, deliveryStateOf, eventOf, isNamedAfter, proofOf } from "./delivery-state.ts";
import { Retries } from "./retry-policy.ts";

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
  expect(deliveryStateOf(sinkOf(generation), record, expected)).toEqual({ kind: "proved" });
});

test.each(
  wrong.flatMap((each) => (["1.4", "1.5"] as const).map((generation) => [generation, ...each] as const)),
)("in %s a record of an accepted document with another %s is a failure", (generation, name, change) => {
  const { record, expected } = delivery(generation);
  const state = proofOf(sinkOf(generation), { ...record, ...change }, expected);
  expect(state).toMatchObject({
    kind: "failed",
    error: { code: "SINK_RECORD_CONTRADICTS", message: expect.stringContaining(name) },
  });
});

test.each(wrong)(
  "a record that is found under the name, with another %s, is of another document",
  (_, change) => {
    const { record, expected } = delivery("1.5");
    expect(deliveryStateOf(sinkOf("1.5"), { ...record, ...change }, expected)).toEqual({ kind: "other" });
  },
);

test("the same text under a foreign name is adopted where LightRAG knows documents by their text", () => {
  const { record, expected } = delivery("1.4");
  const foreign = { ...record, fileSource: "theirs.md", trackId: "theirs" };
  expect(deliveryStateOf(sinkOf("1.4"), foreign, expected)).toEqual({ kind: "proved" });
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

const says = (state: DeliveryState) =>
  state.kind === "failed" || state.kind === "shared"
    ? [state.kind, state.error.code, state.error.message]
    : state.kind === "model"
      ? [state.kind, state.reason]
      : [state.kind];
const no = "LightRAG could not process the document:";
const differs = "LightRAG's record of the document is not of what was sent: it shows";

test.each<[string, Partial<DocumentRecord>, string[]]>([
  ["waits for its turn, still without text", { status: "pending", contentLength: 0 }, ["wait"]],
  ["is worked on", { status: "processing" }, ["wait"]],
  [
    "has no chunk",
    { chunks: 0 },
    ["failed", "SINK_NO_CHUNKS", "LightRAG reports the document processed, but with no chunk in it"],
  ],
  ["failed", { status: "failed", error: "boom" }, ["failed", "SINK_DOCUMENT_FAILED", `${no} boom`]],
  [
    "failed without a word",
    { status: "failed" },
    ["failed", "SINK_DOCUMENT_FAILED", `${no} it gives no reason`],
  ],
  [
    "failed with a known reason, whatever text it shows",
    { status: "failed", error: "boom", errorCode: "SINK_DOCUMENT_TOO_LARGE", contentLength: 1 },
    ["failed", "SINK_DOCUMENT_TOO_LARGE", `${no} boom`],
  ],
  [
    "failed with others",
    { status: "failed", error: "index flush failed" },
    ["shared", "SINK_SHARED_FAILURE", "LightRAG failed on several documents at once: index flush failed"],
  ],
  ["had no model", { status: "failed", error: "429", modelUnavailable: true }, ["model", "429"]],
  [
    "shows another length",
    { contentLength: 27 },
    [
      "failed",
      "SINK_RECORD_CONTRADICTS",
      `${differs} a length of 27 instead of ${summarize(text).contentLength} characters`,
    ],
  ],
  [
    "shows another beginning under another name",
    { contentSummary: "Else", fileSource: "b@CTX.md" },
    ["failed", "SINK_RECORD_CONTRADICTS", `${differs} another name and another beginning`],
  ],
])("of an accepted document whose record %s, that is what is said", (_, change, expected) => {
  const { record, expected: row } = delivery("1.5");
  expect(says(proofOf(sinkOf("1.5"), { ...record, ...change }, row))).toEqual(expected);
});

test.each([
  ["theirs", "t", "1.5", "other"],
  ["theirs", "t", "1.4", "proved"],
  ["", "", "1.4", "proved"],
  [undefined, null, "1.4", "proved"],
  ["t", "t", "1.4", "other"],
] as const)(
  "a foreign name on a record of insert %j is another document's where ours was %j and LightRAG is %s: %s",
  (recordTrack, trackId, generation, kind) => {
    const { record, expected } = delivery(generation);
    const foreign = { ...record, fileSource: "theirs.md", trackId: recordTrack };
    const row = { ...expected.row, trackId };
    expect(deliveryStateOf(sinkOf(generation), foreign, { ...expected, row })).toEqual({ kind });
  },
);

test("an id follows from the name since 1.5, and from the text before", () => {
  for (const generation of ["1.4", "1.5"] as const) {
    const { expected } = delivery(generation);
    expect(isNamedAfter(sinkOf(generation), expected.row)).toBe(generation === "1.5");
  }
  expect(isNamedAfter(sinkOf("1.5"), { ...delivery("1.5").expected.row, documentId: "other" })).toBe(false);
});

const error = new ConnectorError("SINK_SHARED_FAILURE", "together");
const kept = { code: error.code, message: "together", hint: error.hint };

test.each<[DeliveryState, object]>([
  [{ kind: "proved" }, { type: "proved" }],
  [{ kind: "wait" }, { type: "accepted", trackId: "t" }],
  [{ kind: "other" }, { type: "replace", reason: "update" }],
  [
    { kind: "model", reason: "quota" },
    { type: "replace", reason: "retry" },
  ],
  [
    { kind: "shared", error },
    { type: "replace", reason: "retry", error: kept },
  ],
])("of %j follows %j for the delivery", (state, event) => {
  const { record, expected } = delivery("1.5");
  const { documentId } = record;
  expect(eventOf({} as Retries, expected.row, record, state)).toEqual({ ...event, documentId });
});

test("a failed delivery is tried again, and one that LightRAG names no insert for is accepted all the same", () => {
  const { record, expected } = delivery("1.5");
  const retry = { maxAttempts: 2, initialBackoffMs: 10, backoffMultiplier: 1, maxBackoffMs: 10 };
  const retries = new Retries({ policy: retry, clock: { now: () => 100 }, random: () => 1 });
  expect(eventOf(retries, expected.row, record, { kind: "failed", error })).toEqual({
    type: "fail",
    error: kept,
    nextAttemptAt: 110,
  });
  const untracked = { ...record, trackId: undefined };
  expect(eventOf(retries, expected.row, untracked, { kind: "wait" })).toMatchObject({ trackId: "" });
});
