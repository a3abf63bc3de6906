import { randomUUID } from "node:crypto";
import { cleanText } from "../../clean-text.ts";
import { summarize } from "../../document-text.ts";
import type { OutgoingDocument } from "../../light-rag-client.ts";
import type { Change, KvStoreName } from "../storage/changes.ts";
import { md5Hex } from "../storage/keys.ts";
import type { DocumentStatusRecord } from "../storage/records.ts";
import type { Chunking } from "../text/chunking.ts";

/** A change that writes a record with the times and the key that LightRAG stores in each (contract §9.2). */
export function putRecord(
  store: Exclude<KvStoreName, "doc_status">,
  key: string,
  value: object,
  time: number,
): Change {
  return {
    kind: "record",
    store,
    key,
    value: { ...value, create_time: time, update_time: time, _id: key },
  };
}

export function putStatus(documentId: string, value: DocumentStatusRecord): Change {
  return { kind: "record", store: "doc_status", key: documentId, value };
}

export function removeRecord(store: KvStoreName, key: string): Change {
  return { kind: "record", store, key, value: null };
}

/** The digest by which LightRAG 1.5 detects equal texts. */
export function contentHashOf(text: string): string {
  return md5Hex(cleanText(text));
}

export interface AcceptedDocument {
  status: DocumentStatusRecord;
  changes: Change[];
}

export interface AcceptanceFacts {
  trackId: string;
  /** Milliseconds since the epoch. */
  now: number;
  chunking: Chunking;
}

/** The records of a document that has been accepted. */
export function acceptDocument(
  documentId: string,
  document: OutgoingDocument,
  { trackId, now, chunking }: AcceptanceFacts,
): AcceptedDocument {
  const content = cleanText(document.text);
  const hash = md5Hex(content);
  const { contentSummary, contentLength } = summarize(document.text);
  const at = isoTime(now);
  const full = {
    content,
    file_path: document.fileSource,
    parse_format: "raw",
    content_hash: hash,
    process_options: "F",
    chunk_options: {
      chunk_token_size: chunking.size,
      fixed_token: {
        split_by_character: null,
        split_by_character_only: false,
        chunk_overlap_token_size: chunking.overlap,
      },
    },
  };
  const status: DocumentStatusRecord = {
    status: "pending",
    content_summary: contentSummary,
    content_length: contentLength,
    created_at: at,
    updated_at: at,
    file_path: document.fileSource,
    track_id: trackId,
    content_hash: hash,
    metadata: { kg_write_state: "pre_graph", process_options: "F" },
  };
  const changes = [putRecord("full_docs", documentId, full, seconds(now)), putStatus(documentId, status)];
  return { status, changes };
}

/** The work on a document: when it began and ended, in milliseconds since the epoch, and how the text was chunked. */
export interface WorkDone {
  startedAt: number;
  endedAt: number;
  chunking: Chunking;
}

/** LightRAG's record of a document that is in the graph. */
export function processedStatus(
  accepted: DocumentStatusRecord,
  chunkIds: string[],
  work: WorkDone,
): DocumentStatusRecord {
  const { error_msg, ...kept } = accepted;
  return {
    ...kept,
    status: "processed",
    updated_at: isoTime(work.endedAt),
    chunks_count: chunkIds.length,
    chunks_list: chunkIds,
    metadata: workMetadata("graph_mutation_started", work),
  };
}

/** LightRAG's record of a document that failed. Nothing of it is in the graph. */
export function failedStatus(
  accepted: DocumentStatusRecord,
  error: { code: string; message: string; modelUnavailable: boolean },
  work: WorkDone,
): DocumentStatusRecord {
  return {
    ...accepted,
    status: "failed",
    updated_at: isoTime(work.endedAt),
    chunks_count: 0,
    chunks_list: [],
    error_msg: error.message,
    metadata: {
      ...workMetadata("pre_graph", work),
      error_code: error.code,
      model_unavailable: error.modelUnavailable,
    },
  };
}

/** A text needs neither parsing nor image analysis: LightRAG passes through those two stages and records them. */
function workMetadata(
  writeState: string,
  { startedAt, endedAt, chunking }: WorkDone,
): Record<string, unknown> {
  return {
    process_options: "F",
    parse_start_time: seconds(startedAt),
    parse_stage_skipped: true,
    parse_format: "raw",
    parse_engine: "legacy",
    analyzing_start_time: seconds(startedAt),
    analyzing_stage_skipped: true,
    kg_write_state: writeState,
    process_start_time: seconds(startedAt),
    process_end_time: seconds(endedAt),
    chunk_method: "fixed_token",
    chunk_opts: `size=${chunking.size}, split_only=False, overlap=${chunking.overlap}`,
  };
}

/** `insert_<date>_<time>_<8 hex>`, as LightRAG makes them. */
export function newTrackId(now: number): string {
  const [date = "", time = ""] = new Date(now).toISOString().split("T");
  return `insert_${date.replaceAll("-", "")}_${time.slice(0, 8).replaceAll(":", "")}_${randomUUID().slice(0, 8)}`;
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** ISO 8601 with an offset, as Python writes it. */
function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+00:00");
}
