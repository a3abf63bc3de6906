import type { LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type {
  DocumentRecord,
  OutgoingDocument,
  SubmitOutcome,
} from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf, eventOf } from "../delivery-state.ts";
import { rowError } from "../retry-policy.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import type { Delivery } from "./write-down.ts";

type OutcomeParts = Pick<DeliverParts, "sink" | "retries" | "report">;

/** Whether LightRAG has answered that it has the document; what its records show after a lost answer does not say so. */
export function isClearYes(outcome: SubmitOutcome): boolean {
  return outcome.kind !== "rejected" && outcome.unanswered !== true;
}

/**
 * Rejected by the server's own answer, and not because of what anyone can see in the document. Such an answer may pass like any other
 * (a proxy's 400), so that it takes as many as other failures do until the document is given up.
 */
export function isServersRefusal(
  outcome: SubmitOutcome | undefined,
): outcome is SubmitOutcome & { kind: "rejected" } {
  return outcome?.kind === "rejected" && outcome.error.status !== undefined;
}

/** What follows for a row from the sink's answer about its document. */
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

/** LightRAG holds something under this name already: adopt it when it is the expected text, else replace it. */
function existsEvent(
  parts: OutcomeParts,
  row: LedgerRow,
  document: OutgoingDocument,
  record: DocumentRecord,
): LedgerEvent {
  const state = deliveryStateOf(parts.sink, record, { row, text: summarize(document.text) });
  if (state.kind === "proved" || state.kind === "wait") parts.report.counts.adopted += 1;
  // Its failure is an old one, not that of this attempt.
  if (state.kind === "failed") return { type: "replace", documentId: record.documentId, reason: "retry" };
  return eventOf(parts.retries, row, record, state);
}
