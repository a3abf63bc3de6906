import { isModelFailure } from "../../../kernel/openai/recorded-failure.ts";
import type { DocumentRecord, DocumentStatus } from "../light-rag-client.ts";
import type { DocumentRow } from "./wire.ts";

/** A row of LightRAG's listings. */
export interface ListedDocument {
  record: DocumentRecord;
  /**
   * Set for LightRAG's note of a duplicate that it refused (LightRAG contract §3.3): the id of the document that it already
   * had, "" when the note does not say. Such a row is never the document itself.
   */
  duplicateOf: string | undefined;
}

/** LightRAG's final statuses and the one before the start; everything else is on its way (LightRAG contract §4.1). */
const statuses: ReadonlyMap<string, DocumentStatus> = new Map([
  ["pending", "pending"],
  ["processed", "processed"],
  ["failed", "failed"],
]);

export function readRow(row: DocumentRow): ListedDocument {
  const status = statuses.get(row.status.toLowerCase()) ?? "processing";
  const error = row.error_msg || undefined;
  return {
    record: {
      documentId: row.id,
      fileSource: row.file_path ?? "",
      status,
      trackId: row.track_id || undefined,
      chunks: status === "processed" ? (row.chunks_count ?? 0) : 0,
      error: status === "failed" ? error : undefined,
      modelUnavailable: status === "failed" && isModelFailure(error ?? ""),
      contentSummary: row.content_summary ?? "",
      contentLength: row.content_length ?? 0,
      updatedAt: Date.parse(row.updated_at ?? "") || 0,
    },
    duplicateOf: originalOf(row),
  };
}

function originalOf({ id, metadata }: DocumentRow): string | undefined {
  if (metadata?.is_duplicate !== true && !id.startsWith("dup-")) return undefined;
  const original = metadata?.original_doc_id;
  return typeof original === "string" ? original : "";
}
