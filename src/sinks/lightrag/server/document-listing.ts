import { type ListedDocument, readRow } from "./listed-document.ts";
import type { Session } from "./session.ts";
import { listingAnswer, statusCountsAnswer, trackAnswer } from "./wire.ts";

/** The longest page that LightRAG gives. */
export const fullPage = 200;

export interface PageQuery {
  /** From 1. */
  page: number;
  /** 10 to `fullPage`. */
  pageSize: number;
  sortBy: "id" | "updated_at";
  direction: "asc" | "desc";
  /** Absent: all. */
  status?: "failed";
}

/** One page of the listing: a snapshot, taken at one moment. */
export interface ListingPage {
  page: number;
  documents: ListedDocument[];
  totalCount: number;
  totalPages: number;
}

/** LightRAG's document records: by page, by track id, and in numbers. There is no look-up by id or by name. */
export class DocumentListing {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async page(query: PageQuery, signal: AbortSignal): Promise<ListingPage> {
    const json = {
      page: query.page,
      page_size: query.pageSize,
      sort_field: query.sortBy,
      sort_direction: query.direction,
      ...(query.status === undefined ? {} : { status_filter: query.status }),
    };
    const path = ["documents", "paginated"];
    const request = { method: "POST", path, json, retry: "transient" } as const;
    const { documents, pagination } = await this.#session.read(request, listingAnswer, signal);
    return {
      page: query.page,
      documents: documents.map(readRow),
      totalCount: pagination.total_count,
      totalPages: pagination.total_pages,
    };
  }

  /** One page in the order of the ids. */
  idPage(page: number, pageSize: number, signal: AbortSignal): Promise<ListingPage> {
    return this.page({ page, pageSize, sortBy: "id", direction: "asc" }, signal);
  }

  /** The whole listing in the order of the ids. Each page is a snapshot of its own: rows that come and go move the later ones. */
  async *everyPage(signal: AbortSignal): AsyncGenerator<ListingPage> {
    for (let page = 1; ; page++) {
      const listing = await this.idPage(page, fullPage, signal);
      yield listing;
      if (page >= listing.totalPages) return;
    }
  }

  /** Every document of one accepted insert; none for an unknown id. */
  async track(trackId: string, signal: AbortSignal): Promise<ListedDocument[]> {
    const path = ["documents", "track_status", trackId];
    const { documents } = await this.#session.read({ method: "GET", path }, trackAnswer, signal);
    return documents.map(readRow);
  }

  /** Documents by LightRAG's own status names, in lower case. */
  async statusCounts(signal: AbortSignal): Promise<Map<string, number>> {
    const path = ["documents", "status_counts"];
    const answer = await this.#session.read({ method: "GET", path }, statusCountsAnswer, signal);
    return new Map(Object.entries(answer.status_counts).map(([name, count]) => [name.toLowerCase(), count]));
  }
}
