import pMap from "p-map";
import type { DocumentRecord, DocumentRef } from "../light-rag-client.ts";
import type { Acceptances } from "./acceptances.ts";
import { type DocumentListing, fullPage, type ListedDocument, type ListingPage } from "./document-listing.ts";
import { locateId, searchId } from "./id-search.ts";
import { Search } from "./search.ts";

/** The most concurrent requests of one look-up. */
const concurrency = 4;
/** Up to so many documents are looked up individually before the recent ones are read at once. */
const maxSingleLookups = 3;
/** More track ids than this are not looked up individually. */
const maxTrackLookups = 40;
/** Average number of reads of `searchId`; decides between searching and reading everything. */
const readsPerSearch = 3;

/**
 * Finds LightRAG's records of documents with as few requests as possible: by track id when there are few, then among the most
 * recently changed documents, which include everything in flight, then by track id, and the rest by id.
 */
export class Finder {
  readonly #listing: DocumentListing;
  readonly #acceptances: Acceptances;

  constructor(listing: DocumentListing, acceptances: Acceptances) {
    this.#listing = listing;
    this.#acceptances = acceptances;
  }

  /** Records in the order of the refs; undefined for those without one. */
  async find(refs: readonly DocumentRef[], signal: AbortSignal): Promise<(DocumentRecord | undefined)[]> {
    const search = new Search(refs);
    if (search.missingTracks().length <= maxSingleLookups) await this.#readTracks(search, signal);
    if (search.missingIds().length > maxSingleLookups) await this.#readRecent(search, signal);
    if (search.missingTracks().length <= maxTrackLookups) await this.#readTracks(search, signal);
    await this.#readIds(search, signal);
    return refs.map((ref) => {
      const record = search.recordOf(ref);
      if (record === undefined) return this.#acceptances.pending(ref);
      this.#acceptances.seen(ref);
      return record;
    });
  }

  /** The ids with a row, whether a document or LightRAG's note of a refused duplicate. */
  async listed(ids: readonly string[], signal: AbortSignal): Promise<string[]> {
    const refs = ids.map((documentId) => ({ documentId, fileSource: "" }));
    const search = new Search(refs, true);
    await this.#readIds(search, signal);
    return refs.filter((ref) => search.recordOf(ref) !== undefined).map(({ documentId }) => documentId);
  }

  /** The record under a name, whatever its id; reads the whole listing. For names that LightRAG says it holds. */
  async findByName(fileSource: string, signal: AbortSignal): Promise<DocumentRecord | undefined> {
    for await (const { documents } of this.#listing.everyPage(signal)) {
      const found = documents.find((row) => isDocumentNamed(row, fileSource));
      if (found !== undefined) return found.record;
    }
    return undefined;
  }

  async #readTracks(search: Search, signal: AbortSignal): Promise<void> {
    const read = async (trackId: string) => {
      search.see(await this.#listing.track(trackId, signal));
      search.trackIsRead(trackId);
    };
    await pMap(search.missingTracks(), read, { concurrency, signal });
  }

  /** Documents move to the front of this order when they change, so later steps still find them. */
  async #readRecent(search: Search, signal: AbortSignal): Promise<void> {
    const pages = Math.ceil(search.missingIds().length / fullPage) + 1;
    for (let page = 1; page <= pages; page++) {
      const order = { sortBy: "updated_at", direction: "desc" } as const;
      const listing = await this.#listing.page({ page, pageSize: fullPage, ...order }, signal);
      search.see(listing.documents);
      if (page >= listing.totalPages || search.missingIds().length === 0) return;
    }
  }

  async #readIds(search: Search, signal: AbortSignal): Promise<void> {
    if (search.missingIds().length > 1) await this.#scan(search, signal);
    const read = async (id: string) => {
      const found = await searchId(id, (page, pageSize) => this.#listing.idPage(page, pageSize, signal));
      if (found !== undefined) search.see([found]);
      search.idIsRead(id);
    };
    await pMap(search.missingIds(), read, { concurrency, signal });
  }

  /** Reads the listing from its start, as long as that is cheaper than to search for each id. */
  async #scan(search: Search, signal: AbortSignal): Promise<void> {
    const open = new Set(search.missingIds());
    for await (const page of this.#listing.everyPage(signal)) {
      search.see(page.documents);
      for (const id of open) {
        if (!isSettledBy(page, id)) continue;
        open.delete(id);
        search.idIsRead(id);
      }
      if (page.totalPages - page.page > open.size * readsPerSearch) return;
    }
  }
}

function isSettledBy(page: ListingPage, id: string): boolean {
  const verdict = locateId(page, id);
  return verdict === "here" || verdict === "absent";
}

function isDocumentNamed({ record, duplicateOf }: ListedDocument, fileSource: string): boolean {
  return duplicateOf === undefined && record.fileSource === fileSource;
}
