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
 * Renders the row's memory with the current template, in the form that its hash is of; null when the row keeps no payload. The text is not
 * stored: the same payload gives the same text, unless the template has changed, which its hash shows.
 */
export function renderDocument({ transformer }: RenderParts, row: LedgerRow): Written | null {
  return row.payload === null ? null : transformer.write(row.contextId, row.payload, row.contentHash);
}

/** The expected text in LightRAG for this row; null when it is no longer known. */
export function textOf(parts: RenderParts, row: LedgerRow): string | null {
  const rendered = renderDocument(parts, row);
  return rendered?.kind === "document" ? rendered.text : null;
}

/** The summary of the expected text; null when the text is no longer known. */
export function summaryOf(parts: RenderParts, row: LedgerRow): TextSummary | null {
  const text = textOf(parts, row);
  return text === null ? null : summarize(text);
}

/**
 * The expected summary of the text that was sent for this row. Null when that text cannot be rendered again: the row has lost its
 * memory, or the template has changed since.
 */
export function sentSummary(parts: RenderParts, row: LedgerRow): TextSummary | null {
  const rendered = renderDocument(parts, row);
  const isSent = rendered?.kind === "document" && rendered.contentHash === row.contentHash;
  return isSent ? summarize(rendered.text) : null;
}

/** The text that was delivered for the row, rendered from the source's memory; null when it would differ now. */
export async function renderDelivered(
  { transformer, enricher }: { transformer: Pick<MemoryTransformer, "prepare">; enricher: MemoryEnricher },
  { contextId, contentHash }: LedgerRow,
  memory: Memory,
  signal: AbortSignal,
): Promise<string | null> {
  const enriched = await enricher.enrich(contextId, memory, signal);
  const prepared = transformer.prepare(contextId, enriched, contentHash);
  return prepared.kind === "document" && prepared.contentHash === contentHash ? prepared.text : null;
}

/** The identifiers of a submitted row's document. */
export function documentRef(row: LedgerRow): DocumentRef {
  return {
    fileSource: row.fileSource,
    documentId: row.documentId ?? "",
    trackId: row.trackId || undefined,
  };
}
