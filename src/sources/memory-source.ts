import type { MalformedMemory, Memory } from "../domain/memory.ts";
import type { MediaKind, SourceCapabilities } from "./source-capabilities.ts";
import type { SourceLore } from "./source-lore.ts";

export type { MediaKind } from "./source-capabilities.ts";

/**
 * What a listing is to show. Times are those of the memories themselves, in milliseconds since the epoch. A source that cannot narrow its
 * lists so far shows more; within an hour of `since` it may show less, for two clocks differ.
 */
export type ListScope =
  | { kind: "everything" }
  | { kind: "events"; since: number }
  /** What came, changed or went since the listing whose last page gave this mark. Only for sources whose capabilities name it. */
  | { kind: "changes"; since: string };

export interface ListRequest {
  contextId: string;
  scope: ListScope;
  /** How many to ask for at first; the source may ask again with larger limits. */
  limit: number;
  /** What earlier listings of this context have taught. */
  lore?: SourceLore | null;
  /** From a page of an earlier listing of the same scope: what was shown up to there may be left out. One that is not known any more leaves out nothing. */
  resume?: string;
}

/** A memory that the source shows and cannot be read yet: it is being written, or transcribed. */
export interface PendingMemory {
  id: string;
  /** The memory's own time, in milliseconds since the epoch; null when it is not known yet. */
  at: number | null;
}

/** A part of a listing. */
export interface MemoryPage {
  memories: readonly Memory[];
  /** Each once, and none whose id the listing shows in a good form as well. */
  malformed: readonly MalformedMemory[];
  /** Ids that the source itself names as deleted. Believed at once, within the limits of `deletions`. */
  deleted?: readonly string[];
  /** Neither missing nor taken up; they come in a later listing. */
  pending?: readonly PendingMemory[];
  /** Ids of memories in it that came with different contents; the one updated last is here, or the last one that came. */
  ambiguous?: readonly string[];
  /**
   * Only true on a listing's last page: the source may hold more than it was willing to show,
   * so the listing is not complete. The reason is for people.
   */
  truncated: { reason: string } | null;
  /** Only on a listing's last page: what this listing and those before it have taught, to be handed back with the next request. */
  lore?: SourceLore;
  /** Not on the last page: where a listing that is interrupted behind this page can go on, also after a restart. */
  resume?: string;
  /** Only on the last page of a listing that shows everything, or the rest of it behind `resume`: where the next listing of changes begins. */
  mark?: string;
  /** Only on a listing's last page: items may have slipped through between its pages. Left out, `consistency` says so. */
  mayHaveDrifted?: boolean;
}

/** Who answered. Null for what the source does not say. */
export interface SourceInfo {
  /** For people: the server's address, the folder. Without secrets. */
  server: string;
  version: string | null;
  /** Whose memories the key or the folder opens. */
  account: string | null;
  capabilities: SourceCapabilities;
}

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
 *   When it ends without throwing and the last page is not truncated, everything in the scope was shown.
 * - A list is only shown to the right key: where a server answers an empty list to a wrong one, the adapter asks who it is before it believes that.
 * - One malformed item never fails a listing; an answer that is no list fails it whole. Of a list that breaks off what came before is
 *   yielded, and the last page is truncated.
 */
export interface MemorySource {
  /** What this source can do, as it is configured. Does not change while it is open. */
  readonly capabilities: SourceCapabilities;

  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage>;

  /** Resolves when the source is reachable, the key is accepted and the context exists; throws the coded reason otherwise. */
  check(contextId: string, signal: AbortSignal): Promise<SourceInfo>;

  /**
   * Streams a medium to `path` (written beside it first and renamed when whole).
   * Throws `MEDIA_NOT_FOUND`, `MEDIA_TOO_LARGE`, or what `list` throws.
   */
  download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia>;

  /** Releases connections. Further calls are a defect. */
  close(): Promise<void>;
}
