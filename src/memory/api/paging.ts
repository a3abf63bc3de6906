import { isConnectorError } from "../../errors/connector-error.ts";
import type { MemoryPage } from "../memory-source.ts";
import type { MemoryList } from "./memory-list.ts";
import { isEmptyPage, type SeenItems } from "./seen-items.ts";

/**
 * How a server shows what lies beyond one page; the contract's own server has none.
 * - `offset` `?offset=N`, N items are left out
 * - `page`   `?page=N`, counted from 0 or from 1 (found out)
 * - `cursor` `?cursor=C` with the C that the page before gave as `next_cursor`, `nextCursor` or `next`; null ends
 *
 * All three send `limit` too, as the size of a page.
 */
export type PagingStyle = "offset" | "page" | "cursor";

/** Asks for one page; the size of a page and the range are settled. */
export type AskPage = (position: Record<string, string | number>) => Promise<MemoryList>;

/**
 * Yields what comes after the first page, page by page, each item once, and returns why that is not all, or null when it is.
 * `seen` holds the first page already.
 */
export type Pager = (
  first: MemoryList,
  askPage: AskPage,
  seen: SeenItems,
) => AsyncGenerator<MemoryPage, string | null>;

export const pagers: Record<PagingStyle, Pager> = { offset: byOffset, page: byPage, cursor: byCursor };

/** Pages without anything new, and steps back, that one listing may have before it is given up. */
const maxHiccups = 20;
const tooRestless = "the list changed faster than its pages could be read; the next run tries again";

/**
 * Each page begins with the last item of the one before. When the first item of a page is not known, items were removed at the
 * source and the rest moved up, perhaps past our position: we step back to where the list is known again.
 */
async function* byOffset(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  const pageSize = first.received;
  let offset = pageSize - 1;
  let firstKey = first.keys[0];
  for (let hiccups = 0; hiccups <= maxHiccups; ) {
    const list = await askPage({ offset });
    if (offset > 0 && !seen.has(list.keys[0])) {
      offset = Math.max(0, offset - pageSize);
      firstKey = undefined;
      hiccups++;
      continue;
    }
    const page = seen.take(list);
    if (!isEmptyPage(page)) yield page;
    else if (list.received < pageSize) return null;
    else if (list.keys[0] === firstKey) return sameAgain("offset");
    else hiccups++;
    firstKey = list.keys[0];
    offset += list.received - 1;
  }
  return tooRestless;
}

/**
 * Begins with `page=1`: where pages count from 1 it is the first page again, where they count from 0 the second.
 * Items that move up while the pages are read can slip through between two of them; this style has no way to see that.
 */
async function* byPage(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  let firstKey: string | undefined;
  let hiccups = 0;
  for (let page = 1; hiccups <= maxHiccups; page++) {
    const list = await askPage({ page }).catch(nothingBeyondLastPage);
    const fresh = seen.take(list);
    if (!isEmptyPage(fresh)) yield fresh;
    else if (list.received >= first.received && list.keys[0] === firstKey) return sameAgain("page");
    else hiccups++;
    if (list.received < first.received) return null;
    firstKey = list.keys[0];
  }
  return tooRestless;
}

async function* byCursor(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  const used = new Set<string>();
  let cursor = first.nextCursor;
  if (cursor === undefined) return 'paging is "cursor", but the answer names no next_cursor';
  let hiccups = 0;
  while (typeof cursor === "string") {
    if (used.has(cursor)) return sameAgain("cursor");
    if (hiccups > maxHiccups) return tooRestless;
    used.add(cursor);
    const list = await askPage({ cursor });
    const page = seen.take(list);
    if (isEmptyPage(page)) hiccups++;
    else yield page;
    cursor = list.nextCursor;
  }
  return null;
}

/** Some servers answer a page after the last one with 404. */
function nothingBeyondLastPage(error: unknown): MemoryList {
  if (!isConnectorError(error, "SOURCE_CONTEXT_NOT_FOUND")) throw error;
  return { memories: [], malformed: [], keys: [], received: 0, declared: null, nextCursor: null };
}

function sameAgain(parameter: string): string {
  return `the server sends the same memories again for the next ${parameter}: it does not seem to have this way of paging`;
}
