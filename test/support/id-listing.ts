import { createHash } from "node:crypto";
import { summarize } from "../../src/sinks/lightrag/document-text.ts";
import type { ListingPage } from "../../src/sinks/lightrag/server/document-listing.ts";
import type { ReadIdPage } from "../../src/sinks/lightrag/server/id-search.ts";

/** A page of a listing of these ids, which stand in order. */
export function idPage(ids: readonly string[], number: number, pageSize: number): ListingPage {
  const onPage = ids.slice((number - 1) * pageSize, number * pageSize);
  const documents = onPage.map((documentId) => ({
    record: recordWithId(documentId),
    duplicateOf: undefined,
  }));
  return { page: number, totalCount: ids.length, totalPages: Math.ceil(ids.length / pageSize), documents };
}

export function recordWithId(documentId: string) {
  const common = { fileSource: "x.md", status: "processed", trackId: undefined, chunks: 1 } as const;
  return {
    documentId,
    ...common,
    error: undefined,
    modelUnavailable: false,
    updatedAt: 0,
    ...summarize("x"),
  };
}

export function documentIdOf(seed: number | string): string {
  return `doc-${createHash("md5").update(String(seed)).digest("hex")}`;
}

/** A listing of these ids that counts how often it is read; `meanwhile` may change it before each read. */
export function idListing(ids: string[], meanwhile: (ids: string[], read: number) => void = () => {}) {
  let reads = 0;
  const read: ReadIdPage = async (number, pageSize) => {
    reads += 1;
    meanwhile(ids, reads);
    return idPage(ids.toSorted(), number, pageSize);
  };
  return { read, reads: () => reads };
}
