import type { MemoryEnricher } from "../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer, Written } from "../documents/memory-transformer.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import type { Memory } from "../domain/memory.ts";
import { summarize, type TextSummary } from "../sinks/lightrag/document-text.ts";
import type { DocumentRef } from "../sinks/lightrag/light-rag-client.ts";

interface RenderParts {
  transformer: Pick<MemoryTransformer, "write">;
}

/**
 * What the row's memory is as a document today; null when the row keeps no payload. The text is not kept anywhere: the same payload
 * makes the same text, until somebody changes the template, and that is seen by its hash.
 */
export function renderDocument({ transformer }: RenderParts, row: LedgerRow): Written | null {
  return row.payload === null ? null : transformer.write(row.contextId, row.payload);
}

/** The text that should be in LightRAG for this row; null when it is not known any more. */
export function textOf(parts: RenderParts, row: LedgerRow): string | null {
  const rendered = renderDocument(parts, row);
  return rendered?.kind === "document" ? rendered.text : null;
}

/** What LightRAG's record shows of the text that should be there; null when the text is not known any more. */
export function summaryOf(parts: RenderParts, row: LedgerRow): TextSummary | null {
  const text = textOf(parts, row);
  return text === null ? null : summarize(text);
}

/**
 * What LightRAG's record has to show of the text that was sent for this row. Null when that text cannot be made again: the row has
 * lost its memory, or memories have become other texts since.
 */
export function sentSummary(parts: RenderParts, row: LedgerRow): TextSummary | null {
  const rendered = renderDocument(parts, row);
  const isSent = rendered?.kind === "document" && rendered.contentHash === row.contentHash;
  return isSent ? summarize(rendered.text) : null;
}

/** The text that was delivered for the row, from the memory as the source shows it; null when it would be another one now. */
export async function renderDelivered(
  { transformer, enricher }: { transformer: Pick<MemoryTransformer, "prepare">; enricher: MemoryEnricher },
  { contextId, contentHash }: LedgerRow,
  memory: Memory,
  signal: AbortSignal,
): Promise<string | null> {
  const prepared = transformer.prepare(contextId, await enricher.enrich(contextId, memory, signal));
  return prepared.kind === "document" && prepared.contentHash === contentHash ? prepared.text : null;
}

/** How to find the document of a row that has been submitted. */
export function documentRef(row: LedgerRow): DocumentRef {
  return {
    fileSource: row.fileSource,
    documentId: row.documentId ?? "",
    trackId: row.trackId || undefined,
  };
}
