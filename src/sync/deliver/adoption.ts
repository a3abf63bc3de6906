import type { LedgerEvent } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf } from "../delivery-state.ts";
import { renderDocument } from "../render-document.ts";
import type { RunContext } from "../run-context.ts";

/** A row whose document is to be removed, and what LightRAG has of it now. */
export interface Looked {
  row: LedgerRow;
  record: DocumentRecord | undefined;
}

/**
 * Keeps what LightRAG holds rightly after all: a document that was taken for lost and has been processed meanwhile, or one that is at
 * work on the wanted text. Resolves to the rows that are left to be removed.
 */
export async function adoptHeld(run: RunContext, looked: readonly Looked[]): Promise<Looked[]> {
  const adoptions = looked.map((each) => adoption(run, each));
  const transitions = looked.flatMap(({ row }, index) => {
    const event = adoptions[index];
    return event == null ? [] : [{ row, event }];
  });
  await run.ledger.apply(transitions);
  run.report.counts.adopted += transitions.length;
  return looked.filter((_, index) => adoptions[index] === null);
}

/** Null when the document is to be removed. */
function adoption(run: RunContext, { row, record }: Looked): LedgerEvent | null {
  if (record === undefined || !mayStay(run, row)) return null;
  const prepared = renderDocument(run, row);
  if (prepared?.kind !== "document") return null;
  const { kind } = deliveryStateOf(run.sink, record, { row, text: summarize(prepared.text) });
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
function mayStay(run: RunContext, { deleteReason }: LedgerRow): boolean {
  return deleteReason === "retry" || (deleteReason === "update" && !run.options.force);
}
