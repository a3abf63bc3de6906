import type { Memory } from "../../domain/memory.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import type { PagingStyle, Position } from "../json-list/next-position.ts";
import type { ListingLimits, ShownList } from "./completeness.ts";
import type { ListingLore, QueryRange } from "./listing-lore.ts";
import { coveredSince } from "./query-range.ts";

/** One request to the server. `position` names a page if the server has pages. */
export interface ListQuery {
  range: QueryRange;
  limit: number;
  position?: Position;
}

/** The server that a listing asks. */
export interface ListingServer {
  ask(query: ListQuery): Promise<MemoryList>;
  /** The most items of any answer of this server: it has no cap below that. */
  largestAnswer(): number;
}

export interface ListingOptions extends ListingLimits {
  paging: PagingStyle | "none";
  clock: { now(): number };
}

/** A listing in terms of the Memory API. */
export interface RangeRequest {
  contextId: string;
  range: QueryRange;
  /** The first limit to ask with. */
  limit: number;
  lore?: ListingLore | null;
}

/** The context of one listing. */
export interface Listing {
  server: ListingServer;
  request: RangeRequest;
  options: ListingOptions;
  lore: ListingLore;
  startedAt: number;
}

/** An answer as evidence. */
export function shownList(
  { request }: Listing,
  limit: number,
  { received, clues }: MemoryList,
  hasOldest: boolean | null,
): ShownList {
  return { range: request.range, limit, received, clues, hasOldest };
}

/**
 * Whether the oldest memory of the last whole list is shown. Null when that list was empty, or when the memory has aged out of the range.
 */
export function hasOldest(
  { request: { range }, lore, startedAt }: Listing,
  keys: { has(key: string): boolean },
): boolean | null {
  const { oldestId, oldestAt } = lore.lists[range] ?? { oldestId: null, oldestAt: null };
  if (oldestId === null || oldestAt === null) return null;
  if (keys.has(oldestId)) return true;
  return oldestAt >= coveredSince(range, startedAt) ? false : null;
}

/** The same for one answer: showing the oldest memory is evidence about its end only when it is sorted from new to old. */
export function endsWithOldest(listing: Listing, { keys, memories }: MemoryList): boolean | null {
  const has = hasOldest(listing, new Set(keys));
  return has === true && !isNewestFirst(memories) ? null : has;
}

/** Whether no memory of a list is older than its last one. */
export function isNewestFirst(memories: readonly Memory[]): boolean {
  const last = Date.parse(memories.at(-1)?.createdAt ?? "");
  return memories.every(({ createdAt }) => !(Date.parse(createdAt) < last));
}
