import type { KvReader } from "./storage/readers.ts";
import type { DocumentStatusRecord } from "./storage/records.ts";

/** Finds documents by what makes them equal: their name, and their text (contract §3.3). */
export class DocumentIndex {
  readonly #bySource = new Map<string, string>();
  readonly #byHash = new Map<string, string>();

  /** Notes of refused duplicates are left out: the original is what counts. */
  static of(statuses: KvReader<DocumentStatusRecord>): DocumentIndex {
    const index = new DocumentIndex();
    for (const id of statuses.keys()) {
      const status = statuses.get(id);
      if (status !== undefined && status.metadata?.is_duplicate !== true) index.add(id, status);
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
