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
/** So many track ids are looked up individually however short the listing is. */
const freeTrackLookups = 40;
/** As many tracks cost LightRAG less than one page: it sorts all that it holds for a page, and for a track nothing. */
const tracksPerPage = 4;
/** As many documents are remembered with their tracks. */
const maxKnownTracks = 10_000;
/** Average number of reads of `searchId`; decides between searching and reading everything. */
const readsPerSearch = 3;

/**
 * Finds LightRAG's records of documents with as few requests as possible: by track id when there are few, then among the most
 * recently changed documents, which include everything in flight, then by track id, and the rest by id. What a look-up costs follows
 * the documents that are looked for, not those that LightRAG holds.
 */
export class Finder {
  readonly #listing: DocumentListing;
  readonly #acceptances: Acceptances;
  /** The tracks of documents as LightRAG's records had them, by document id. */
  readonly #tracks = new Map<string, string>();
  /** Pages of the whole listing when one was read last. */
  #totalPages = 0;

  constructor(listing: DocumentListing, acceptances: Acceptances) {
    this.#listing = listing;
    this.#acceptances = acceptances;
  }

  /** Records in the order of the refs; undefined for those without one. */
  async find(refs: readonly DocumentRef[], signal: AbortSignal): Promise<(DocumentRecord | undefined)[]> {
    const search = new Search(refs);
    if (search.missingTracks().length <= maxSingleLookups) await this.#readTracks(search, signal);
    if (search.missingIds().length > maxSingleLookups) await this.#readRecent(search, signal);
    if (this.#isCheaperByTrack(search)) await this.#readTracks(search, signal);
    await this.#readIds(search, signal);
    return refs.map((ref) => {
      const record = search.recordOf(ref);
      if (record === undefined) return this.#acceptances.pending(ref);
      this.#acceptances.seen(ref);
      this.#remember(record);
      return record;
    });
  }

  /** The ids with a row, whether a document or LightRAG's note of a refused duplicate. */
  listed(ids: readonly string[], signal: AbortSignal): Promise<string[]> {
    return this.#listed(ids, { elsewhere: true }, signal);
  }

  /** The same for ids that were listed a moment ago: one that its track lacks now is gone, and is not looked for elsewhere. */
  stillListed(ids: readonly string[], signal: AbortSignal): Promise<string[]> {
    return this.#listed(ids, { elsewhere: false }, signal);
  }

  /** The record under a name, whatever its id; reads the whole listing. For names that LightRAG says it holds. */
  async findByName(fileSource: string, signal: AbortSignal): Promise<DocumentRecord | undefined> {
    for await (const { documents } of this.#listing.everyPage(signal)) {
      const found = documents.find((row) => isDocumentNamed(row, fileSource));
      if (found !== undefined) return found.record;
    }
    return undefined;
  }

  async #listed(
    ids: readonly string[],
    { elsewhere }: { elsewhere: boolean },
    signal: AbortSignal,
  ): Promise<string[]> {
    const refs = ids.map((documentId): DocumentRef => {
      const trackId = this.#tracks.get(documentId);
      return { documentId, fileSource: "", trackId };
    });
    const search = new Search(refs, true);
    if (this.#isCheaperByTrack(search)) {
      await this.#readTracks(search, signal);
      if (!elsewhere)
        for (const { documentId, trackId } of refs) if (trackId !== undefined) search.idIsRead(documentId);
    }
    await this.#readIds(search, signal);
    return refs
      .filter((ref) => this.#isListed(ref.documentId, search.recordOf(ref)))
      .map(({ documentId }) => documentId);
  }

  /** What is not listed has no track any more: the next document of that id is of another insert. */
  #isListed(documentId: string, record: DocumentRecord | undefined): boolean {
    if (record === undefined) this.#tracks.delete(documentId);
    else this.#remember(record);
    return record !== undefined;
  }

  #isCheaperByTrack(search: Search): boolean {
    return search.missingTracks().length <= Math.max(freeTrackLookups, this.#totalPages * tracksPerPage);
  }

  #remember({ documentId, trackId }: DocumentRecord): void {
    this.#tracks.delete(documentId);
    if (trackId === undefined) return;
    this.#tracks.set(documentId, trackId);
    if (this.#tracks.size <= maxKnownTracks) return;
    for (const oldest of this.#tracks.keys()) {
      this.#tracks.delete(oldest);
      return;
    }
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
      this.#totalPages = listing.totalPages;
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
      this.#totalPages = page.totalPages;
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
