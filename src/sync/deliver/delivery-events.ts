import type { Written, WrittenDocument } from "../../documents/memory-transformer.ts";
import type { LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { holdsText, summarize } from "../../sinks/lightrag/document-text.ts";
import type {
  DocumentRecord,
  OutgoingDocument,
  SubmitOutcome,
} from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf, eventOf } from "../delivery-state.ts";
import { renderDocument } from "../render-document.ts";
import { rowError } from "../retry-policy.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type WriteParts = Pick<DeliverParts, "sink" | "transformer" | "ledger">;

/** A row that is durably `submitting`, and the document to send for it. */
export interface Delivery {
  row: LedgerRow;
  document: OutgoingDocument;
}

/** Marks the rows as `submitting`, durably; rows that are no longer documents are dropped. */
export async function recordSubmission(parts: WriteParts, rows: readonly LedgerRow[]): Promise<Delivery[]> {
  const prepared = rows.map((row) => renderDocument(parts, row));
  const saved = await parts.ledger.apply(
    rows.map((row, index) => ({ row, event: submitEvent(parts, row, prepared[index]) })),
  );
  return saved.flatMap((row, index) => {
    const written = prepared[index];
    return written?.kind === "document"
      ? [{ row, document: { fileSource: written.fileSource, text: written.text } }]
      : [];
  });
}

function submitEvent(parts: WriteParts, row: LedgerRow, prepared: Written | null | undefined): LedgerEvent {
  const { payload: memory, sourceHash } = row;
  if (prepared == null || memory === null) {
    const message = "the ledger has lost the memory that was to be delivered";
    return { type: "die", error: rowError(new ConnectorError("PAYLOAD_MISSING", message)) };
  }
  const { contentHash, fileSource } = prepared;
  if (prepared.kind === "document")
    return { type: "submit", documentId: parts.sink.predictDocumentId(prepared), contentHash };
  const content = { memory, contentHash, sourceHash, groupKey: null, fileSource };
  return { type: "skip", content, reason: prepared.reason };
}

type OutcomeParts = Pick<DeliverParts, "sink" | "retries" | "report" | "transformer">;

/** Whether LightRAG has answered that it has the document; an outcome that was looked up after a lost answer does not count. */
export function isConfirmed(outcome: SubmitOutcome): boolean {
  return outcome.kind !== "rejected" && outcome.unanswered !== true;
}

/**
 * Whether the server's answer rejected the document, for no reason that is visible in it. Such an answer may be transient (a
 * proxy's 400), so the document is retried as often as after other failures.
 */
export function isServersRefusal(
  outcome: SubmitOutcome | undefined,
): outcome is SubmitOutcome & { kind: "rejected" } {
  return outcome?.kind === "rejected" && outcome.error.status !== undefined;
}

/** The ledger event for the sink's answer about a document. */
export function outcomeEvent(
  parts: OutcomeParts,
  { row, document }: Delivery,
  outcome: SubmitOutcome | undefined,
): LedgerEvent {
  if (outcome === undefined)
    throw new ConnectorError("INTERNAL", "LightRAG's client answered for too few documents");
  if (outcome.kind === "rejected") return { type: "die", error: rowError(outcome.error) };
  if (outcome.kind === "accepted") {
    parts.report.counts.submitted += 1;
    return { type: "accepted", documentId: outcome.documentId, trackId: outcome.trackId };
  }
  return existsEvent(parts, row, document, outcome.record);
}

/** LightRAG already holds a document of this name: adopt it when it has the expected text, in whatever form, otherwise replace it. */
function existsEvent(
  parts: OutcomeParts,
  row: LedgerRow,
  document: OutgoingDocument,
  record: DocumentRecord,
): LedgerEvent {
  const older = olderForm(parts, row, record);
  const expected = summarize(older?.text ?? document.text);
  const state = deliveryStateOf(parts.sink, record, { row, text: expected });
  if (state.kind === "proved" || state.kind === "wait") parts.report.counts.adopted += 1;
  // The failure is an old one, not that of this attempt.
  if (state.kind === "failed") return { type: "replace", documentId: record.documentId, reason: "retry" };
  const event = eventOf(parts.retries, row, record, state);
  const isHeld = event.type === "proved" || event.type === "accepted";
  if (older === undefined || !isHeld) return event;
  const { contentHash } = older;
  return { type: "adopt", documentId: record.documentId, trackId: record.trackId ?? "", contentHash };
}

/** The same memory as LightRAG holds it from before documents had another form. */
function olderForm(
  { transformer }: Pick<OutcomeParts, "transformer">,
  { contextId, payload, contentHash }: LedgerRow,
  record: DocumentRecord,
): WrittenDocument | undefined {
  if (payload === null) return undefined;
  return transformer
    .writeForms(contextId, payload)
    .filter((written) => written.kind === "document")
    .find((written) => written.contentHash !== contentHash && holdsText(record, written.text));
}
