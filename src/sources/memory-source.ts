import type { ListingLore, QueryRange } from "./listing-lore.ts";
import type { MalformedMemory, Memory } from "./memory.ts";

export type { QueryRange } from "./listing-lore.ts";

export interface ListRequest {
  contextId: string;
  range: QueryRange;
  /** The first limit to ask with; the source may ask again with larger ones. */
  limit: number;
  /** What earlier listings of this context have taught. */
  lore?: ListingLore | null;
}

/** A part of a listing. */
export interface MemoryPage {
  memories: readonly Memory[];
  /** Each once, and none whose id the listing shows in a good form as well. */
  malformed: readonly MalformedMemory[];
  /** Ids of memories in it that came with different contents; the one updated last is here, or the last one that came. */
  ambiguous?: readonly string[];
  /**
   * Only true on a listing's last page: the source may hold more than it was willing to show,
   * so the listing is not complete. The reason is for people.
   */
  truncated: { reason: string } | null;
  /** Only on a listing's last page: what this listing and those before it have taught, to be handed back with the next request. */
  lore?: ListingLore;
  /** Only on a listing's last page: it was read in several pages, between which items may have slipped through. */
  mayHaveDrifted?: boolean;
}

export type MediaKind = "audio" | "image";

export interface MediaRequest {
  contextId: string;
  memoryId: string;
  kind: MediaKind;
  /** The download is refused or cut off beyond this many bytes. */
  maxBytes: number;
}

export interface DownloadedMedia {
  /** From the answer's Content-Type, without parameters. */
  contentType: string;
  bytes: number;
}

/**
 * The port to where memories come from. Contract:
 * - Every method may be called at any time and concurrently; none changes anything at the source.
 * - Retries, rate limit and circuit breaking happen inside; what is thrown is final for this call and is a
 *   `ConnectorError` whose reaction says what to do. A caller's abort rejects with an AbortError or `CANCELLED`.
 * - `list` yields at least one page. The same memory is yielded at most once in one listing. Order is not promised.
 *   When it ends without throwing and the last page is not truncated, everything in the range was shown.
 * - One malformed item never fails a listing; an answer that is no list fails it whole. Of a list that breaks off what came before is
 *   yielded, and the last page is truncated.
 */
export interface MemorySource {
  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage>;

  /** Resolves when the source is reachable, the key is accepted and the context exists; throws the coded reason otherwise. */
  check(contextId: string, signal: AbortSignal): Promise<void>;

  /**
   * Streams a medium to `path` (written beside it first and renamed when whole).
   * Throws `MEDIA_NOT_FOUND`, `MEDIA_TOO_LARGE`, or what `list` throws.
   */
  download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia>;

  /** Releases connections. Further calls are a defect. */
  close(): Promise<void>;
}
