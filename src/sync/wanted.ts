import type { DocumentRef } from "../lightrag/light-rag-client.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import type { Written } from "../transform/memory-transformer.ts";
import type { RunContext } from "./run-context.ts";

/** What the row's memory is as a document today; null when the row keeps no payload. */
export function wanted(run: Pick<RunContext, "transformer">, row: LedgerRow): Written | null {
  return row.payload === null ? null : run.transformer.write(row.contextId, row.payload);
}

/** The text that should be in LightRAG for this row; null when it is not known any more. */
export function wantedText(run: Pick<RunContext, "transformer">, row: LedgerRow): string | null {
  const prepared = wanted(run, row);
  return prepared?.kind === "document" ? prepared.text : null;
}

/** How to find the document of a row that has been submitted. */
export function documentRef(row: LedgerRow): DocumentRef {
  return {
    fileSource: row.fileSource,
    documentId: row.documentId ?? "",
    trackId: row.trackId || undefined,
  };
}
