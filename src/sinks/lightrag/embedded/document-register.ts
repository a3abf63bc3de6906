import type { Pieces } from "../../../kernel/util/pieces.ts";
import { documentIdOf } from "../document-id.ts";
import type { DocumentRecord, DocumentRef, OutgoingDocument, SubmitOutcome } from "../light-rag-client.ts";
import { localRejection } from "../rejection.ts";
import { isUnfinished, toDocumentRecord } from "./document-record.ts";
import { acceptDocument, contentHashOf } from "./indexing/document-records.ts";
import type { Change } from "./storage/changes.ts";
import type { WholeKvReader } from "./storage/readers.ts";
import type { DocumentStatusRecord } from "./storage/records.ts";
import type { Chunking } from "./text/chunking.ts";

/** The outcome for one document, and the folder changes that implement it. */
export interface Acceptance {
  outcome: SubmitOutcome;
  changes: readonly Change[];
}

/** The documents of a folder, including those that are being written: concurrent calls never accept a document twice. */
export class DocumentRegister {
  readonly #statuses: WholeKvReader<DocumentStatusRecord>;
  readonly #index: DocumentIndex;
  readonly #chunking: Chunking;
  /** Accepted, but not written yet. */
  readonly #entering = new Map<string, DocumentStatusRecord>();

  private constructor(
    statuses: WholeKvReader<DocumentStatusRecord>,
    chunking: Chunking,
    index: DocumentIndex,
  ) {
    this.#statuses = statuses;
    this.#chunking = chunking;
    this.#index = index;
  }

  /** `chunking` is recorded with each document, as LightRAG does. */
  static *of(statuses: WholeKvReader<DocumentStatusRecord>, chunking: Chunking): Pieces<DocumentRegister> {
    return new DocumentRegister(statuses, chunking, yield* DocumentIndex.of(statuses));
  }

  /** From then on no other call accepts a duplicate; `confirm` or `withdraw` must follow. `now` in milliseconds since the epoch. */
  accept(document: OutgoingDocument, trackId: string, now: number): Acceptance {
    const error = localRejection(document);
    if (error !== undefined) return { outcome: { kind: "rejected", error }, changes: [] };
    const record = this.#equalOf(document);
    if (record !== undefined) return { outcome: { kind: "exists", record }, changes: [] };
    const documentId = documentIdOf("1.5", document);
    const { changes, status } = acceptDocument(documentId, document, {
      trackId,
      now,
      chunking: this.#chunking,
    });
    this.#entering.set(documentId, status);
    this.#index.add(documentId, status);
    return { outcome: { kind: "accepted", documentId, trackId }, changes };
  }

  /** The documents have been written to the folder. */
  confirm(documentIds: readonly string[]): void {
    for (const id of documentIds) this.#entering.delete(id);
  }

  /** The documents could not be written. */
  withdraw(documentIds: readonly string[]): void {
    for (const id of documentIds) {
      const status = this.#entering.get(id);
      if (status !== undefined) this.#index.delete(id, status);
      this.#entering.delete(id);
    }
  }

  /** Unregisters documents after `remove` has removed them from the folder. */
  async removing<T>(documentIds: readonly string[], remove: () => Promise<T>): Promise<T> {
    const removed = documentIds.map((id) => ({ id, status: this.#statuses.get(id) }));
    const result = await remove();
    for (const { id, status } of removed) if (status !== undefined) this.#index.delete(id, status);
    return result;
  }

  find(ref: DocumentRef): DocumentRecord | undefined {
    const id = this.#idOf(ref);
    return id === undefined ? undefined : this.record(id);
  }

  record(documentId: string): DocumentRecord | undefined {
    const status = this.#statusOf(documentId);
    return status && toDocumentRecord(documentId, status);
  }

  /** Ids of the documents in the folder. */
  ids(): string[] {
    return [...this.#statuses.keys()];
  }

  /** The unfinished documents of the folder. */
  *unfinishedIds(): Pieces<string[]> {
    const ids: string[] = [];
    for (const [id, status] of this.#statuses.entries()) {
      if (isUnfinished(status)) ids.push(id);
      yield;
    }
    return ids;
  }

  #equalOf(document: OutgoingDocument): DocumentRecord | undefined {
    const hash = contentHashOf(document.text);
    const candidates = [
      this.#idOf({ fileSource: document.fileSource, documentId: documentIdOf("1.5", document) }),
      this.#index.byHash(hash),
      // A folder of LightRAG 1.4 identifies texts by the document's id.
      `doc-${hash}`,
    ];
    for (const id of candidates) {
      const record = id === undefined ? undefined : this.record(id);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  #idOf({ documentId, fileSource }: DocumentRef): string | undefined {
    return this.#statusOf(documentId) === undefined ? this.#index.bySource(fileSource) : documentId;
  }

  #statusOf(documentId: string): DocumentStatusRecord | undefined {
    return this.#statuses.get(documentId) ?? this.#entering.get(documentId);
  }
}

/** Finds duplicates by name and by text (contract §3.3). */
class DocumentIndex {
  readonly #bySource = new Map<string, string>();
  readonly #byHash = new Map<string, string>();

  /** Notes of refused duplicates are skipped: the original counts. */
  static *of(statuses: WholeKvReader<DocumentStatusRecord>): Pieces<DocumentIndex> {
    const index = new DocumentIndex();
    for (const [id, status] of statuses.entries()) {
      if (status.metadata?.is_duplicate !== true) index.add(id, status);
      yield;
    }
    return index;
  }

  add(documentId: string, { file_path, content_hash }: DocumentStatusRecord): void {
    this.#bySource.set(file_path, documentId);
    if (content_hash !== undefined) this.#byHash.set(content_hash, documentId);
  }

  delete(documentId: string, { file_path, content_hash }: DocumentStatusRecord): void {
    if (this.#bySource.get(file_path) === documentId) this.#bySource.delete(file_path);
    if (content_hash !== undefined && this.#byHash.get(content_hash) === documentId) {
      this.#byHash.delete(content_hash);
    }
  }

  bySource(fileSource: string): string | undefined {
    return this.#bySource.get(fileSource);
  }

  byHash(contentHash: string): string | undefined {
    return this.#byHash.get(contentHash);
  }
}
