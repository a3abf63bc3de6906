import type { DocumentRecord, DocumentRef } from "../light-rag-client.ts";
import type { ListedDocument } from "./document-listing.ts";

/** The state of one `find`: requested and found rows. Other rows are not kept, however many are read. */
export class Search {
  readonly #refs: readonly DocumentRef[];
  readonly #notesToo: boolean;
  readonly #wantedIds: Set<string>;
  readonly #wantedInserts: Set<string>;
  readonly #byId = new Map<string, DocumentRecord>();
  readonly #byInsert = new Map<string, DocumentRecord>();
  /** Inserts that LightRAG refused as duplicates, with the ids of the existing documents. */
  readonly #originals = new Map<string, string>();
  readonly #readTracks = new Set<string>();
  readonly #readIds = new Set<string>();

  /**
   * @param notesToo counts LightRAG's note of a refused duplicate as the row of its id; otherwise it points to the original
   */
  constructor(refs: readonly DocumentRef[], notesToo = false) {
    this.#refs = refs;
    this.#notesToo = notesToo;
    this.#wantedIds = new Set(refs.map((ref) => ref.documentId));
    this.#wantedInserts = new Set(refs.filter((ref) => ref.trackId !== undefined).map(insertOf));
  }

  see(rows: readonly ListedDocument[]): void {
    for (const { record, duplicateOf } of rows) {
      const insert = insertOf(record);
      const wanted = this.#wantedInserts.has(insert);
      if (duplicateOf === undefined || this.#notesToo) {
        if (this.#wantedIds.has(record.documentId)) this.#byId.set(record.documentId, record);
        if (wanted) this.#byInsert.set(insert, record);
      } else if (wanted && duplicateOf !== "") {
        this.#originals.set(insert, duplicateOf);
        this.#wantedIds.add(duplicateOf);
      }
    }
  }

  recordOf(ref: DocumentRef): DocumentRecord | undefined {
    const insert = insertOf(ref);
    return (
      this.#byId.get(ref.documentId) ??
      this.#byInsert.get(insert) ??
      this.#byId.get(this.#originals.get(insert) ?? "")
    );
  }

  /**
   * Ids to look for: of refs without a record, and of the originals of their duplicates. Each is returned until it has been looked up.
   */
  missingIds(): string[] {
    const ids = this.#missing().flatMap((ref) => [ref.documentId, this.#originals.get(insertOf(ref))]);
    return distinct(ids).filter((id) => !this.#readIds.has(id));
  }

  /** Track ids of refs without a record. Each is returned until it has been looked up. */
  missingTracks(): string[] {
    return distinct(this.#missing().map(({ trackId }) => trackId)).filter((id) => !this.#readTracks.has(id));
  }

  idIsRead(id: string): void {
    this.#readIds.add(id);
  }

  trackIsRead(trackId: string): void {
    this.#readTracks.add(trackId);
  }

  #missing(): DocumentRef[] {
    return this.#refs.filter((ref) => this.recordOf(ref) === undefined);
  }
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** One document of one insert: a track id covers all documents of a batch. */
function insertOf({ trackId, fileSource }: { trackId?: string | undefined; fileSource: string }): string {
  return JSON.stringify([trackId, fileSource]);
}
