import { isModelFailure } from "../../../kernel/openai/recorded-failure.ts";
import { type DocumentRecord, type DocumentStatus, documentsPerPage } from "../light-rag-client.ts";
import type { Session } from "./session.ts";
import { type DocumentRow, listingAnswer, statusCountsAnswer, trackAnswer } from "./wire.ts";

/** A row of LightRAG's listings. */
export interface ListedDocument {
  record: DocumentRecord;
  /**
   * Set for LightRAG's note of a duplicate that it refused (LightRAG contract §3.3): the id of the existing document, "" when the
   * note does not name it. Such a row is never the document itself.
   */
  duplicateOf: string | undefined;
}

/** LightRAG's final statuses and the initial one; all others are in progress (LightRAG contract §4.1). */
const statuses: ReadonlyMap<string, DocumentStatus> = new Map([
  ["pending", "pending"],
  ["processed", "processed"],
  ["failed", "failed"],
]);

export function readRow(row: DocumentRow): ListedDocument {
  const status = statuses.get(row.status.toLowerCase()) ?? "processing";
  const error = row.error_msg || undefined;
  return {
    record: {
      documentId: row.id,
      fileSource: row.file_path ?? "",
      status,
      trackId: row.track_id || undefined,
      chunks: status === "processed" ? (row.chunks_count ?? 0) : 0,
      error: status === "failed" ? error : undefined,
      modelUnavailable: status === "failed" && isModelFailure(error ?? ""),
      contentSummary: row.content_summary ?? "",
      contentLength: row.content_length ?? 0,
      updatedAt: Date.parse(row.updated_at ?? "") || 0,
    },
    duplicateOf: originalOf(row),
  };
}

function originalOf({ id, metadata }: DocumentRow): string | undefined {
  if (metadata?.is_duplicate !== true && !id.startsWith("dup-")) return undefined;
  const original = metadata?.original_doc_id;
  return typeof original === "string" ? original : "";
}

/** LightRAG's largest page. */
export const fullPage = documentsPerPage;

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

/** One page of the listing: a snapshot. */
export interface ListingPage {
  page: number;
  documents: ListedDocument[];
  totalCount: number;
  totalPages: number;
}

/** LightRAG's document records: by page, by track id, and as counts. There is no look-up by id or by name. */
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

  /** One page, sorted by id. */
  idPage(page: number, pageSize: number, signal: AbortSignal): Promise<ListingPage> {
    return this.page({ page, pageSize, sortBy: "id", direction: "asc" }, signal);
  }

  /** The whole listing, sorted by id. Each page is a separate snapshot: rows that are added or removed shift later ones. */
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
