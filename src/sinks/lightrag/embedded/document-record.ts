import type { ErrorCode } from "../../../kernel/errors/codes.ts";
import { isModelErrorCode, isModelUnavailable } from "../../../kernel/openai/classify-failure.ts";
import { isModelFailure } from "../../../kernel/openai/recorded-failure.ts";
import type { DocumentRecord, DocumentStatus } from "../light-rag-client.ts";
import type { DocumentStatusRecord, StoredDocumentStatus } from "./storage/records.ts";

/** A folder may hold statuses of a newer LightRAG: an unknown one counts as being processed. */
const statuses: ReadonlyMap<string, DocumentStatus> = new Map<StoredDocumentStatus, DocumentStatus>([
  ["pending", "pending"],
  ["parsing", "processing"],
  ["analyzing", "processing"],
  ["processing", "processing"],
  ["preprocessed", "processing"],
  ["processed", "processed"],
  ["failed", "failed"],
]);

/** Statuses of unfinished documents. */
export function isUnfinished(stored: DocumentStatusRecord): boolean {
  return ["pending", "processing"].includes(statusOf(stored));
}

function statusOf({ status }: DocumentStatusRecord): DocumentStatus {
  return statuses.get(status) ?? "processing";
}

/** Converts a stored status to the port's record. */
export function toDocumentRecord(documentId: string, stored: DocumentStatusRecord): DocumentRecord {
  const status = statusOf(stored);
  return {
    documentId,
    fileSource: stored.file_path,
    status,
    trackId: stored.track_id,
    chunks: status === "processed" ? (stored.chunks_count ?? 0) : 0,
    error: stored.error_msg,
    errorCode: status === "failed" ? errorCodeOf(stored) : undefined,
    modelUnavailable: status === "failed" && isModelSide(stored),
    contentSummary: stored.content_summary,
    contentLength: stored.content_length,
    updatedAt: Date.parse(stored.updated_at),
  };
}

/** Our own failures carry a code; those of a LightRAG server are recognised by their message. */
function isModelSide({ metadata, error_msg = "" }: DocumentStatusRecord): boolean {
  const code = metadata?.error_code;
  if (typeof code !== "string") return isModelFailure(error_msg);
  const unavailable = metadata?.model_unavailable;
  return typeof unavailable === "boolean" ? unavailable : isModelUnavailable(code);
}

/** Only codes of models: nothing else in a folder's records is trusted. */
function errorCodeOf({ metadata }: DocumentStatusRecord): ErrorCode | undefined {
  const code = metadata?.error_code;
  return typeof code === "string" && isModelErrorCode(code) ? code : undefined;
}
