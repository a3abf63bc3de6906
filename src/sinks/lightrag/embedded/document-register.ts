import { documentIdOf } from "../document-id.ts";
import type { DocumentRecord, DocumentRef, OutgoingDocument, SubmitOutcome } from "../light-rag-client.ts";
import { localRejection } from "../rejection.ts";
import { DocumentIndex } from "./document-index.ts";
import { isUnfinished, toDocumentRecord } from "./document-record.ts";
import { acceptDocument, contentHashOf } from "./indexing/document-records.ts";
import type { Change } from "./storage/changes.ts";
import type { KvReader } from "./storage/readers.ts";
import type { DocumentStatusRecord } from "./storage/records.ts";
import type { Chunking } from "./text/chunking.ts";

/** What became of one document, and the changes of the folder that make it so. */
export interface Acceptance {
  outcome: SubmitOutcome;
  changes: readonly Change[];
}

/** The documents of a folder, with those that are on their way into it: two calls at the same time accept no document twice. */
export class DocumentRegister {
  readonly #statuses: KvReader<DocumentStatusRecord>;
  readonly #index: DocumentIndex;
  readonly #chunking: Chunking;
  /** Accepted, not written yet. */
  readonly #entering = new Map<string, DocumentStatusRecord>();

  /** `chunking` is noted with each document, as LightRAG does. */
  constructor(statuses: KvReader<DocumentStatusRecord>, chunking: Chunking) {
    this.#statuses = statuses;
    this.#chunking = chunking;
    this.#index = DocumentIndex.of(statuses);
  }

  /** From here on no other call accepts its equal; `confirm` or `withdraw` must follow. `now` in milliseconds since the epoch. */
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

  /** The folder has them now. */
  confirm(documentIds: readonly string[]): void {
    for (const id of documentIds) this.#entering.delete(id);
  }

  /** They could not be written. */
  withdraw(documentIds: readonly string[]): void {
    for (const id of documentIds) {
      const status = this.#entering.get(id);
      if (status !== undefined) this.#index.delete(id, status);
      this.#entering.delete(id);
    }
  }

  /** Takes documents out once `remove` has taken them out of the folder. */
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

  /** Those that are in the folder. */
  ids(): string[] {
    return [...this.#statuses.keys()];
  }

  /** The unfinished documents of the folder. */
  unfinishedIds(): string[] {
    return this.ids().filter((id) => {
      const status = this.#statuses.get(id);
      return status !== undefined && isUnfinished(status);
    });
  }

  #equalOf(document: OutgoingDocument): DocumentRecord | undefined {
    const hash = contentHashOf(document.text);
    const candidates = [
      this.#idOf({ fileSource: document.fileSource, documentId: documentIdOf("1.5", document) }),
      this.#index.byHash(hash),
      // A folder of LightRAG 1.4 knows texts by the document's id.
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
