import { compareCodePoints } from "../../../kernel/util/code-point-order.ts";
import type { ListedDocument, ListingPage } from "./document-listing.ts";

/**
 * Finds a row by its id in a listing that can only be read by page. Sorted by id, the listing is searched by interpolation. Rows
 * that are added or removed between two reads shift the pages, so only a single page is proof: a page is a snapshot, and nothing is
 * missing between its first and its last row.
 */

/** Reads one page of the listing in the order of the ids. */
export type ReadIdPage = (page: number, pageSize: number) => Promise<ListingPage>;

/** What a page proves about an id: it is here, it is absent, or it can only be on an earlier or a later page. */
export type IdLocation = "here" | "absent" | "earlier" | "later";

export function locateId({ page, totalPages, documents }: ListingPage, id: string): IdLocation {
  const first = documents[0]?.record.documentId;
  const last = documents.at(-1)?.record.documentId;
  if (first === undefined || last === undefined) return page === 1 ? "absent" : "earlier";
  if (compareCodePoints(id, first) < 0) return page === 1 ? "absent" : "earlier";
  if (compareCodePoints(id, last) > 0) return page >= totalPages ? "absent" : "later";
  return documents.some(({ record }) => record.documentId === id) ? "here" : "absent";
}

const pageSize = 200;
/** Pages of another size have other boundaries. Primes, so that common boundaries are rare. */
const seamSizes = [199, 197] as const;
/** More reads than any listing needs: after that the server contradicts itself. */
const maxReads = 64;

/** The row with this id; undefined when there is none. */
export async function searchId(id: string, read: ReadIdPage): Promise<ListedDocument | undefined> {
  let range = new PageRange(id);
  for (let reads = 0; reads < maxReads; reads++) {
    const page = range.isEmpty ? await readSeam(range.seam, read) : await read(range.guess(), pageSize);
    const verdict = locateId(page, id);
    if (verdict === "here" || verdict === "absent") return rowOf(page, id);
    if (range.isEmpty) range = new PageRange(id);
    else range.narrow(page, verdict);
  }
  return undefined;
}

function rowOf(page: ListingPage, id: string): ListedDocument | undefined {
  return page.documents.find(({ record }) => record.documentId === id);
}

/** A page that contains the rows on both sides of a position. */
function readSeam(position: number, read: ReadIdPage): Promise<ListingPage> {
  const [size, otherSize] = seamSizes;
  const fitting = position % size === 0 ? otherSize : size;
  return read(Math.floor(position / fitting) + 1, fitting);
}

/**
 * The pages that may still contain an id. Ids are digests and therefore uniformly distributed, so that interpolation finds the page
 * in two or three reads; every third guess bisects the range, in case they are not.
 */
class PageRange {
  #low = 1;
  #high = Number.POSITIVE_INFINITY;
  #lowShare = 0;
  #highShare = 1;
  #guesses = 0;
  readonly #share: number;

  constructor(id: string) {
    this.#share = shareOf(id);
  }

  /** True when the id can only be between two pages, or rows have moved. */
  get isEmpty(): boolean {
    return this.#low > this.#high;
  }

  /** Number of rows before the page boundary at which an empty range has ended. */
  get seam(): number {
    return this.#high * pageSize;
  }

  guess(): number {
    if (this.#high === Number.POSITIVE_INFINITY) return this.#low;
    this.#guesses += 1;
    const part = (this.#share - this.#lowShare) / (this.#highShare - this.#lowShare);
    const even = this.#guesses % 3 === 0 || !(part >= 0 && part < 1);
    return this.#low + Math.floor((even ? 0.5 : part) * (this.#high - this.#low + 1));
  }

  narrow({ page, totalPages, documents }: ListingPage, verdict: "earlier" | "later"): void {
    if (verdict === "later") {
      this.#low = page + 1;
      this.#lowShare = shareOf(documents.at(-1)?.record.documentId ?? "");
      this.#high = Math.min(this.#high, Math.max(totalPages, page));
    } else {
      this.#high = page - 1;
      this.#highShare = shareOf(documents[0]?.record.documentId ?? "");
    }
  }
}

/**
 * The relative position of an id among all digests, from 0 to 1. LightRAG's ids of other kinds (`dup-…`, `error-…`) come after them.
 */
function shareOf(id: string): number {
  const digits = /^doc-([0-9a-f]{12})/u.exec(id)?.[1];
  return digits === undefined ? 1 : Number.parseInt(digits, 16) / 16 ** 12;
}
