import type { LedgerEvent } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { showsText, type TextSummary } from "../sinks/lightrag/document-text.ts";
import type { DocumentRecord, LightRagClient } from "../sinks/lightrag/light-rag-client.ts";
import { isSharedFailure } from "../sinks/lightrag/shared-failures.ts";
import { type Retries, rowError } from "./retry-policy.ts";

/**
 * What LightRAG's record says about a delivery:
 * - `proved`  processed with at least one chunk, under the name and with the length and the beginning of the expected text
 * - `wait`    accepted and not finished
 * - `other`   the record is of another document than the expected one
 * - `model`   LightRAG's model was not available: not the document's fault
 * - `shared`  it failed together with others, and which of them is to blame is not known
 * - `failed`  LightRAG could not process it
 */
export type DeliveryState =
  | { kind: "proved" | "wait" | "other" }
  | { kind: "model"; reason: string }
  | { kind: "shared" | "failed"; error: ConnectorError };

/** What a record is compared with. */
export interface Expected {
  row: LedgerRow;
  /** Of the expected text; null when the row does not keep it any more: then name and state are all that can be compared. */
  text: TextSummary | null;
}

/** Evaluates a record that may be of another document than the expected one. */
export function deliveryStateOf(sink: Naming, record: DocumentRecord, expected: Expected): DeliveryState {
  return contradictions(sink, record, expected).length > 0 ? { kind: "other" } : stateOf(record);
}

/**
 * Evaluates the record of a document that LightRAG has accepted for this row. There is no other one that it could be of, so that a
 * record that contradicts what was sent is a failure.
 */
export function proofOf(sink: Naming, record: DocumentRecord, expected: Expected): DeliveryState {
  const state = stateOf(record);
  const wrong = state.kind === "proved" ? contradictions(sink, record, expected) : [];
  return wrong.length === 0 ? state : { kind: "failed", error: contradicted(wrong) };
}

/** The ledger event that follows from the state of a delivery that was under way. */
export function eventOf(
  retries: Retries,
  row: LedgerRow,
  record: DocumentRecord,
  state: DeliveryState,
): LedgerEvent {
  const { documentId } = record;
  switch (state.kind) {
    case "proved":
      return { type: "proved", documentId };
    case "wait":
      return { type: "accepted", documentId, trackId: record.trackId ?? "" };
    case "other":
      return { type: "replace", documentId, reason: "update" };
    case "model":
      return { type: "replace", documentId, reason: "retry" };
    case "shared":
      return { type: "replace", documentId, reason: "retry", error: rowError(state.error) };
    case "failed":
      return retries.afterFailure(row, state.error);
  }
}

/** The part of the client that knows which id follows from a name. */
export type Naming = Pick<LightRagClient, "predictDocumentId">;

/** Whether LightRAG gives this document the id from its name alone, as it does since 1.5. */
export function isNamedAfter(
  sink: Naming,
  { fileSource, documentId }: Pick<LedgerRow, "fileSource" | "documentId">,
): boolean {
  return sink.predictDocumentId({ fileSource, text: "" }) === documentId;
}

/** In what a record differs from the expected document; for people. */
function contradictions(sink: Naming, record: DocumentRecord, { row, text }: Expected): string[] {
  const wrong = isMisnamed(sink, record, row) ? ["another name"] : [];
  if (text === null || showsText(record, text)) return wrong;
  if (record.contentLength !== text.contentLength)
    wrong.push(`a length of ${record.contentLength} instead of ${text.contentLength} characters`);
  if (record.contentSummary !== text.contentSummary) wrong.push("another beginning");
  return wrong;
}

/**
 * The same text may be listed under a foreign name, where LightRAG refused ours as its duplicate. A record of our own insert, or one
 * whose id follows from our name, has no other name.
 */
function isMisnamed(sink: Naming, record: DocumentRecord, row: LedgerRow): boolean {
  if (record.fileSource === row.fileSource) return false;
  const isOurInsert = row.trackId !== null && row.trackId !== "" && record.trackId === row.trackId;
  return isOurInsert || isNamedAfter(sink, { ...row, documentId: record.documentId });
}

function stateOf(record: DocumentRecord): DeliveryState {
  if (record.status === "pending" || record.status === "processing") return { kind: "wait" };
  if (record.status === "processed")
    return record.chunks > 0 ? { kind: "proved" } : { kind: "failed", error: noChunks() };
  if (record.modelUnavailable) return { kind: "model", reason: reasonOf(record) };
  return isSharedFailure(record.error ?? "")
    ? { kind: "shared", error: sharedFailure(record) }
    : { kind: "failed", error: notProcessed(record) };
}

/** The failure of a document that was alone in LightRAG: it is not shared. */
export function notProcessed(record: DocumentRecord): ConnectorError {
  const message = `LightRAG could not process the document: ${reasonOf(record)}`;
  return new ConnectorError(record.errorCode ?? "SINK_DOCUMENT_FAILED", message);
}

function sharedFailure(record: DocumentRecord): ConnectorError {
  const message = `LightRAG failed on several documents at once: ${reasonOf(record)}`;
  return new ConnectorError("SINK_SHARED_FAILURE", message);
}

function reasonOf(record: DocumentRecord): string {
  return record.error ?? "it gives no reason";
}

function contradicted(wrong: readonly string[]): ConnectorError {
  const message = `LightRAG's record of the document is not of what was sent: it shows ${wrong.join(" and ")}`;
  return new ConnectorError("SINK_RECORD_CONTRADICTS", message);
}

function noChunks(): ConnectorError {
  const message = "LightRAG reports the document processed, but with no chunk in it";
  return new ConnectorError("SINK_NO_CHUNKS", message);
}
