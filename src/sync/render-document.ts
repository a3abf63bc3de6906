import type { Written } from "../documents/memory-transformer.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import { summarize, type TextSummary } from "../sinks/lightrag/document-text.ts";
import type { DocumentRef } from "../sinks/lightrag/light-rag-client.ts";
import type { RunContext } from "./run-context.ts";

/** What the row's memory is as a document today; null when the row keeps no payload. */
export function renderDocument(run: Pick<RunContext, "transformer">, row: LedgerRow): Written | null {
  return row.payload === null ? null : run.transformer.write(row.contextId, row.payload);
}

/** The text that should be in LightRAG for this row; null when it is not known any more. */
export function textOf(run: Pick<RunContext, "transformer">, row: LedgerRow): string | null {
  const prepared = renderDocument(run, row);
  return prepared?.kind === "document" ? prepared.text : null;
}

/** What LightRAG's record of the wanted text shows; null when the text is not known any more. */
export function summaryOf(run: Pick<RunContext, "transformer">, row: LedgerRow): TextSummary | null {
  const text = textOf(run, row);
  return text === null ? null : summarize(text);
}

/**
 * What LightRAG's record has to show of the text that was sent for this row. Null when that text cannot be made again: the row has
 * lost its memory, or memories have become other texts since.
 */
export function sentSummary(run: Pick<RunContext, "transformer">, row: LedgerRow): TextSummary | null {
  const prepared = renderDocument(run, row);
  const isSent = prepared?.kind === "document" && prepared.contentHash === row.contentHash;
  return isSent ? summarize(prepared.text) : null;
}

/** How to find the document of a row that has been submitted. */
export function documentRef(row: LedgerRow): DocumentRef {
  return {
    fileSource: row.fileSource,
    documentId: row.documentId ?? "",
    trackId: row.trackId || undefined,
  };
}
