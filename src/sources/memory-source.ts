import type { MalformedMemory, Memory } from "../domain/memory.ts";
import type { MediumMark } from "../kernel/http/medium-mark.ts";
import type { MediaKind, SourceCapabilities } from "./source-capabilities.ts";

export type { MediaKind } from "./source-capabilities.ts";

/**
 * What a listing should show. Times are those of the memories, in milliseconds since the epoch. A source that cannot narrow its
 * lists that far shows more; within an hour of `since` it may show less, because two clocks differ.
 */
export type ListScope =
  | { kind: "everything" }
  | { kind: "events"; since: number }
  /**
   * What was added, changed or deleted since the listing whose last page gave this mark. Only for sources whose capabilities include it.
   */
  | { kind: "changes"; since: string }
  /** These memories alone, as far as they are there. Only for sources whose capabilities include it. */
  | { kind: "named"; ids: readonly string[] };

export interface ListRequest {
  contextId: string;
  scope: ListScope;
  /** The first limit; the source may ask again with larger ones. */
  limit: number;
  /** What earlier listings of this context have learnt. */
  lore?: SourceLore | null;
  /**
   * From a page of an earlier listing of the same scope: what was shown up to there may be left out. With an unknown one, nothing
   * is left out.
   */
  resume?: string;
}

/** A memory that the source shows and cannot be read yet: it is being written, or transcribed. */
export interface PendingMemory {
  id: string;
  /** The memory's own time, in milliseconds since the epoch; null when it is not known yet. */
  at: number | null;
}

/** What of a memory could not be read; it is carried without it. */
export interface MemoryDoubt {
  id: string;
  /** For people. */
  problem: string;
}

/** A part of a listing. */
export interface MemoryPage {
  memories: readonly Memory[];
  /** Each once, without those whose id the listing also shows in a good form. */
  malformed: readonly MalformedMemory[];
  /** Ids that the source itself reports as deleted. Trusted at once, within the limits of `deletions`. */
  deleted?: readonly string[];
  /** Neither missing nor ingested; a later listing has them. */
  pending?: readonly PendingMemory[];
  /** Ids of memories on this page that appeared with different contents; the one updated last is here, or else the last one. */
  ambiguous?: readonly string[];
  /** Of memories on this page. */
  doubts?: readonly MemoryDoubt[];
  /**
   * Only true on a listing's last page: the source may hold more than it has shown, so the listing is not complete. The reason is
   * for people.
   */
  truncated: { reason: string } | null;
  /** By the id of a memory on this page: the one that the source has for it, where that is not to be told. */
  formerIds?: ReadonlyMap<string, string>;
  /** Only on a listing's last page: what this listing and earlier ones have learnt, to be passed with the next request. */
  lore?: SourceLore;
  /** Not on the last page: where a listing that is interrupted after this page can resume, even after a restart. */
  resume?: string;
  /**
   * Only on the last page of a listing that shows everything, or the rest of it from `resume` on: where the next listing of changes begins.
   */
  mark?: string;
  /** Only on a listing's last page: items may have slipped through between its pages. When absent, `consistency` applies. */
  mayHaveDrifted?: boolean;
}

/** Who answered. Null for anything that the source does not say. */
export interface SourceInfo {
  /** For people: the server's address, the folder. Without secrets. */
  server: string;
  version: string | null;
  /** The account of the key or the folder. */
  account: string | null;
  capabilities: SourceCapabilities;
  /** For people: what the first items say of their times, see `timesText`. Left out where a check reads no items. */
  times?: string;
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
  /** Of these bytes, for a source with `mediaMarks`. */
  mark?: MediumMark;
}

/** What a source can say of its media without giving their bytes. */
export interface MediaMarks {
  /** Whether each look is a request to a server. */
  isRemote: boolean;
  /**
   * What the source says of a medium now; `known` is what it said before. Null where it has none, or does not answer such a question. Throws what
   * `download` throws.
   */
  of(request: MediaRequest, known: MediumMark, signal: AbortSignal): Promise<MediumMark | null>;
}

/**
 * The port to a source of memories. Contract:
 * - Every method may be called at any time and concurrently; none changes anything at the source.
 * - Retries, rate limit and circuit breaking happen inside; what is thrown is final for this call, and is a `ConnectorError` whose
 *   reaction says what to do. A caller's abort rejects with an AbortError or `CANCELLED`.
 * - `list` yields at least one page. The same memory is yielded at most once in one listing. Order is not promised. When it ends
 *   without throwing and the last page is not truncated, everything in the scope was shown.
 * - Only the right key gets a list: if a server answers a wrong one with an empty list, the adapter checks the account before it
 *   trusts that.
 * - One malformed item never fails a listing; an answer without a list fails the whole listing. When a list breaks off, the part
 *   before the break is yielded, and the last page is truncated.
 */
export interface MemorySource {
  /** What this source can do with its configuration. Does not change while it is open. */
  readonly capabilities: SourceCapabilities;

  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage>;

  /** Resolves when the source is reachable, the key is accepted and the context exists; throws the coded reason otherwise. */
  check(contextId: string, signal: AbortSignal): Promise<SourceInfo>;

  /**
   * Streams a medium to `path` (written next to it first and renamed when whole). Throws `MEDIA_NOT_FOUND`, `MEDIA_TOO_LARGE`, or
   * what `list` throws.
   */
  download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia>;

  /** Left out: it says nothing of media without giving their bytes, so that they change only with their memory. */
  readonly mediaMarks?: MediaMarks | undefined;

  /** Releases connections. Further calls are a defect. */
  close(): Promise<void>;
}

type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/**
 * What a source has learnt about itself from its listings. Kept between runs as plain data; only the source that wrote it reads it.
 */
export type SourceLore = { readonly [key: string]: Plain };
