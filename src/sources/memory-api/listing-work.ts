import type { ListingLimits, ShownList } from "./completeness.ts";
import type { ListingLore, QueryRange } from "./listing-lore.ts";
import type { ListingServer } from "./listing-server.ts";
import type { MemoryList } from "./memory-list.ts";
import { isNewestFirst } from "./narrower-look.ts";
import type { PagingStyle } from "./paging.ts";
import { coveredSince } from "./query-range.ts";

export interface ListingOptions extends ListingLimits {
  paging: PagingStyle | "none";
  clock: { now(): number };
}

/** A listing in the words of the Memory API. */
export interface RangeRequest {
  contextId: string;
  range: QueryRange;
  /** The first limit to ask with. */
  limit: number;
  lore?: ListingLore | null;
}

/** What one listing works with. */
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

/** Null where the last whole list had none, or where it has left the range by its age. */
export function hasOldest(
  { request: { range }, lore, startedAt }: Listing,
  keys: { has(key: string): boolean },
): boolean | null {
  const { oldestId, oldestAt } = lore.lists[range] ?? { oldestId: null, oldestAt: null };
  if (oldestId === null || oldestAt === null) return null;
  if (keys.has(oldestId)) return true;
  return oldestAt >= coveredSince(range, startedAt) ? false : null;
}

/** The same for one answer: that it shows the oldest memory says something of its end only when it runs from new to old. */
export function endsWithOldest(listing: Listing, { keys, memories }: MemoryList): boolean | null {
  const has = hasOldest(listing, new Set(keys));
  return has === true && !isNewestFirst(memories) ? null : has;
}
