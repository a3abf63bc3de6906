import type { QueryRange } from "./listing-lore.ts";
import type { MemoryList } from "./memory-list.ts";
import type { Position } from "./next-position.ts";

/** One question to the server. `position` names a page where the server has them. */
export interface ListQuery {
  range: QueryRange;
  limit: number;
  position?: Position;
}

/** A server as a listing sees it. */
export interface ListingServer {
  ask(query: ListQuery): Promise<MemoryList>;
  /** The most items that any answer of this server has had: it has no cap below that. */
  largestAnswer(): number;
}
