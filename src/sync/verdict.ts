import { ConnectorError } from "../errors/connector-error.ts";
import { holdsText } from "../lightrag/document-text.ts";
import type { DocumentRecord } from "../lightrag/light-rag-client.ts";
import type { LedgerEvent } from "../state/ledger.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import { failureEvent } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";

/**
 * What LightRAG's record says about a delivery:
 * - `proved`  processed with at least one chunk
 * - `wait`    accepted and not finished
 * - `other`   the record is of another text than the one wanted
 * - `model`   LightRAG's model was not available: not the document's fault
 * - `failed`  LightRAG could not process it
 */
export type Verdict =
  | { kind: "proved" | "wait" | "other" }
  | { kind: "model"; reason: string }
  | { kind: "failed"; error: ConnectorError };

/** `text` is the wanted text where the record may be of another one; null where it is known to be ours. */
export function verdictOf(record: DocumentRecord, text: string | null): Verdict {
  if (text !== null && !holdsText(record, text)) return { kind: "other" };
  if (record.status === "pending" || record.status === "processing") return { kind: "wait" };
  if (record.status === "processed")
    return record.chunks > 0 ? { kind: "proved" } : failedBecause(noChunks(record));
  return record.modelUnavailable
    ? { kind: "model", reason: reasonOf(record) }
    : failedBecause(notProcessed(record));
}

/** The ledger event that follows from a verdict on a delivery that was under way. */
export function eventOf(
  run: RunContext,
  row: LedgerRow,
  record: DocumentRecord,
  verdict: Verdict,
): LedgerEvent {
  const { documentId } = record;
  switch (verdict.kind) {
    case "proved":
      return { type: "proved", documentId };
    case "wait":
      return { type: "accepted", documentId, trackId: record.trackId ?? "" };
    case "other":
      return { type: "replace", documentId, reason: "update" };
    case "model":
      return { type: "replace", documentId, reason: "retry" };
    case "failed":
      return failureEvent(row, verdict.error, run.settings.retry, run.clock.now(), run.random);
  }
}

function failedBecause(error: ConnectorError): Verdict {
  return { kind: "failed", error };
}

function notProcessed(record: DocumentRecord): ConnectorError {
  const message = `LightRAG could not process the document: ${reasonOf(record)}`;
  return new ConnectorError("SINK_DOCUMENT_FAILED", message, { subject: record.fileSource });
}

function reasonOf(record: DocumentRecord): string {
  return record.error ?? "it gives no reason";
}

function noChunks(record: DocumentRecord): ConnectorError {
  return new ConnectorError(
    "SINK_NO_CHUNKS",
    "LightRAG reports the document processed, but with no chunk in it",
    {
      subject: record.fileSource,
    },
  );
}
