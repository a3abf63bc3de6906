import type { LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf } from "../delivery-state.ts";
import { renderDocument } from "../render-document.ts";
import type { DeliverParts } from "./deliver-parts.ts";

export type AdoptionParts = Pick<DeliverParts, "sink" | "transformer" | "ledger" | "report" | "options">;

/** A row whose document is to be removed, and what LightRAG has of it now. */
export interface Looked {
  row: LedgerRow;
  record: DocumentRecord | undefined;
}

/**
 * Keeps what LightRAG holds rightly after all: a document that was taken for lost and has been processed meanwhile, or one that is at
 * work on the expected text. Resolves to the rows that are left to be removed.
 */
export async function adoptHeld(parts: AdoptionParts, looked: readonly Looked[]): Promise<Looked[]> {
  const adoptions = looked.map((each) => adoption(parts, each));
  const transitions = looked.flatMap(({ row }, index) => {
    const event = adoptions[index];
    return event == null ? [] : [{ row, event }];
  });
  await parts.ledger.apply(transitions);
  parts.report.counts.adopted += transitions.length;
  return looked.filter((_, index) => adoptions[index] === null);
}

/** Null when the document is to be removed. */
function adoption(parts: AdoptionParts, { row, record }: Looked): LedgerEvent | null {
  if (record === undefined || !mayStay(parts, row)) return null;
  const prepared = renderDocument(parts, row);
  if (prepared?.kind !== "document") return null;
  const { kind } = deliveryStateOf(parts.sink, record, { row, text: summarize(prepared.text) });
  // What stood still for too long is not waited for once more.
  const isAtWork = kind === "wait" && row.error?.code !== "SINK_DOCUMENT_STUCK";
  if (kind !== "proved" && !isAtWork) return null;
  return {
    type: "adopt",
    documentId: record.documentId,
    trackId: record.trackId ?? "",
    contentHash: prepared.contentHash,
  };
}

/** Documents that another version follows may turn out to be that version. Who forces a delivery wants the same text sent again. */
function mayStay(parts: AdoptionParts, { deleteReason }: LedgerRow): boolean {
  return deleteReason === "retry" || (deleteReason === "update" && !parts.options.force);
}
