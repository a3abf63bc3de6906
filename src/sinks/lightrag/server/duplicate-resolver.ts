import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { holdsText } from "../document-text.ts";
import type { DocumentRecord, OutgoingDocument } from "../light-rag-client.ts";
import type { Dialect } from "./dialect.ts";
import type { DocumentListing, ListedDocument } from "./document-listing.ts";
import type { Finder } from "./finder.ts";
import type { Remover } from "./remover.ts";

export interface DuplicateResolverParts {
  listing: DocumentListing;
  finder: Finder;
  remover: Remover;
  dialect: Dialect;
}

/** Finds the existing document because of which LightRAG refused an insert as a duplicate. */
export class DuplicateResolver {
  readonly #parts: DuplicateResolverParts;

  constructor(parts: DuplicateResolverParts) {
    this.#parts = parts;
  }

  /**
   * The existing record, or `freed` when it was only LightRAG's note of an earlier duplicate: the note has been deleted, and the
   * document can be sent again. Throws `SINK_BUSY` when the note cannot be deleted now.
   */
  async resolve(
    document: OutgoingDocument,
    trackId: string | undefined,
    signal: AbortSignal,
  ): Promise<DocumentRecord | "freed"> {
    const rows = trackId === undefined ? [] : await this.#parts.listing.track(trackId, signal);
    const documentId = this.#parts.dialect.documentId(document);
    const related = rows.filter(({ record }) => isRelated(record, document.fileSource, documentId));
    const original = related.find(({ duplicateOf }) => duplicateOf === undefined);
    if (original !== undefined) return original.record;
    const note = related[0];
    if (note !== undefined) return await this.#behindNote(note, document, signal);
    return await this.#byIdOrName(document, documentId, signal);
  }

  async #behindNote(
    note: ListedDocument,
    document: OutgoingDocument,
    signal: AbortSignal,
  ): Promise<DocumentRecord | "freed"> {
    const { finder, remover } = this.#parts;
    const ref = { fileSource: document.fileSource, documentId: note.duplicateOf ?? "" };
    const [original] = await finder.find([ref], signal);
    if (original !== undefined && holdsText(original, document.text)) return original;
    await remover.removeNote(note.record.documentId, signal);
    return "freed";
  }

  async #byIdOrName(
    document: OutgoingDocument,
    documentId: string,
    signal: AbortSignal,
  ): Promise<DocumentRecord> {
    const { finder } = this.#parts;
    const { fileSource } = document;
    const [byId] = await finder.find([{ fileSource, documentId }], signal);
    const found = byId ?? (await finder.findByName(fileSource, signal));
    if (found !== undefined) return found;
    const message = `LightRAG says that it holds "${fileSource}", and does not list it`;
    throw new ConnectorError("SINK_SERVER_ERROR", message, { subject: fileSource });
  }
}

function isRelated(record: DocumentRecord, fileSource: string, documentId: string): boolean {
  return record.fileSource === fileSource || record.documentId === documentId;
}
