import type { LedgerEvent } from "../domain/ledger.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { showsText, type TextSummary } from "../sinks/lightrag/document-text.ts";
import type { DocumentRecord, LightRagClient } from "../sinks/lightrag/light-rag-client.ts";
import { isSharedFailure } from "../sinks/lightrag/shared-failures.ts";
import { type Retries, rowError } from "./retry-policy.ts";

/**
 * The state of a delivery by LightRAG's record:
 * - `proved`  processed with at least one chunk, under the name and with the length and the beginning of the expected text
 * - `wait`    accepted and not finished
 * - `other`   the record is that of another document
 * - `model`   LightRAG's model was not available: not the document's fault
 * - `shared`  it failed together with others, and which of them is the cause is unknown
 * - `failed`  LightRAG could not process it
 */
export type DeliveryState =
  | { kind: "proved" | "wait" | "other" }
  | { kind: "model"; reason: string }
  | { kind: "shared" | "failed"; error: ConnectorError };

/** What a record is expected to show. */
export interface Expected {
  row: LedgerRow;
  /** Summary of the expected text; null when the row no longer keeps it: then only name and state can be compared. */
  text: TextSummary | null;
}

/** Evaluates a record that may be of another document than the expected one. */
export function deliveryStateOf(sink: Naming, record: DocumentRecord, expected: Expected): DeliveryState {
  return contradictions(sink, record, expected).length > 0 ? { kind: "other" } : stateOf(record);
}

/**
 * Evaluates the record of a document that LightRAG has accepted for this row. It cannot be that of another document, so a record
 * that contradicts the sent text is a failure.
 */
export function proofOf(sink: Naming, record: DocumentRecord, expected: Expected): DeliveryState {
  const state = stateOf(record);
  const wrong = state.kind === "proved" ? contradictions(sink, record, expected) : [];
  return wrong.length === 0 ? state : { kind: "failed", error: contradicted(wrong) };
}

/** The ledger event for the state of a delivery in flight. */
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

/** The part of the client that derives ids. */
export type Naming = Pick<LightRagClient, "predictDocumentId">;

/** Whether LightRAG derives this document's id from its name alone, as it does since 1.5. */
export function isNamedAfter(
  sink: Naming,
  { fileSource, documentId }: Pick<LedgerRow, "fileSource" | "documentId">,
): boolean {
  return sink.predictDocumentId({ fileSource, text: "" }) === documentId;
}

/** The differences between a record and the expected document; for people. */
function contradictions(sink: Naming, record: DocumentRecord, { row, text }: Expected): string[] {
  const wrong = isMisnamed(sink, record, row) ? ["another name"] : [];
  if (text === null || showsText(record, text)) return wrong;
  if (record.contentLength !== text.contentLength)
    wrong.push(`a length of ${record.contentLength} instead of ${text.contentLength} characters`);
  if (record.contentSummary !== text.contentSummary) wrong.push("another beginning");
  return wrong;
}

/**
 * The same text may be listed under a foreign name if LightRAG refused ours as its duplicate. A record of our own insert, or one
 * whose id is derived from our name, cannot have another name.
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
