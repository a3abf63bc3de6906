import { cleanText } from "../../src/sinks/lightrag/clean-text.ts";
import { documentIdOf, isPlainFileSource } from "../../src/sinks/lightrag/document-id.ts";
import { summarize } from "../../src/sinks/lightrag/document-text.ts";
import type { OutgoingDocument, ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import {
  isNote,
  md5,
  type SimulatedRow,
  type SimulatorStore,
  timestamp,
} from "./lightrag-simulator-store.ts";

/** An answer as it goes over the wire. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface InsertCounts {
  /** Documents that became a new row. */
  inserted: number;
  /** Notes of refused duplicates. */
  notes: number;
  /** New rows by name. */
  byName: Map<string, number>;
}

/** What happens to an insert before it is indexed: names, duplicates, rows (LightRAG contract §3). */
export class SimulatorIntake {
  readonly counts: InsertCounts = { inserted: 0, notes: 0, byName: new Map() };
  readonly #store: SimulatorStore;
  readonly #generation: ServerGeneration;

  constructor(store: SimulatorStore, generation: ServerGeneration) {
    this.#store = store;
    this.#generation = generation;
  }

  /** The answer to an insert that is not taken; null when it is. */
  refusal(documents: readonly OutgoingDocument[]): Answer | null {
    return this.#generation === "1.5" ? this.#refusal15(documents) : this.#refusal14(documents);
  }

  /** Writes the rows of an accepted insert: one a document, or the note of a duplicate. */
  store(documents: readonly OutgoingDocument[], trackId: string): void {
    for (const document of documents) this.#storeOne(document, trackId);
  }

  #refusal15(documents: readonly OutgoingDocument[]): Answer | null {
    if (documents.some(({ fileSource }) => !isPlainFileSource(fileSource)))
      return refused(400, "A valid file_source is required for each text");
    if (new Set(documents.map(({ fileSource }) => fileSource)).size < documents.length)
      return refused(400, "file_sources must be unique by filename");
    const taken = documents
      .flatMap(({ fileSource }) => this.#store.named(fileSource))
      .find((row) => !isNote(row));
    if (taken === undefined) return null;
    const { file_path, status } = taken;
    const hint = "Delete the existing record before re-inserting.";
    return refused(409, `Document storage already contains '${file_path}' (Status: ${status}). ${hint}`);
  }

  #refusal14(documents: readonly OutgoingDocument[]): Answer | null {
    for (const document of documents) {
      // A note occupies its name as a document does.
      const existing =
        this.#store.named(document.fileSource)[0] ?? this.#store.get(documentIdOf("1.4", document));
      if (existing === undefined) continue;
      const message = `'${document.fileSource}' already exists (Status: ${existing.status}).`;
      return { status: 200, body: { status: "duplicated", message, track_id: existing.track_id } };
    }
    return null;
  }

  #storeOne(document: OutgoingDocument, trackId: string): void {
    const id = documentIdOf(this.#generation, document);
    // In 1.4 the id is a digest of the content already.
    const contentHash = this.#generation === "1.5" ? md5(cleanText(document.text)) : id;
    const original = this.#store.get(id) ?? this.#store.withContent(contentHash);
    if (original === undefined) {
      this.#store.insert(newRow(id, document, trackId), document.text, contentHash);
      this.counts.inserted += 1;
      this.counts.byName.set(document.fileSource, (this.counts.byName.get(document.fileSource) ?? 0) + 1);
    } else {
      this.#store.insert(noteRow(id, document, trackId, original), "", "");
      this.counts.notes += 1;
    }
  }
}

export function refused(status: number, detail: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body: { detail }, headers };
}

function newRow(id: string, { fileSource, text }: OutgoingDocument, trackId: string): SimulatedRow {
  const { contentSummary, contentLength } = summarize(text);
  const now = timestamp();
  return {
    id,
    content_summary: contentSummary,
    content_length: contentLength,
    status: "pending",
    created_at: now,
    updated_at: now,
    track_id: trackId,
    chunks_count: null,
    error_msg: null,
    metadata: {},
    file_path: fileSource,
  };
}

function noteRow(
  id: string,
  document: OutgoingDocument,
  trackId: string,
  original: SimulatedRow,
): SimulatedRow {
  return {
    ...newRow(`dup-${md5(`${id}-${trackId}`)}`, document, trackId),
    content_summary: `[DUPLICATE] Original document: ${original.id}`,
    status: "failed",
    chunks_count: 0,
    error_msg: `Content already exists. Original doc_id: ${original.id}, Status: ${original.status}`,
    metadata: { is_duplicate: true, original_doc_id: original.id, original_track_id: original.track_id },
  };
}
