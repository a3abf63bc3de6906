import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { noClues } from "../json-list/answer-clues.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import type { PagingStyle, Position } from "../json-list/next-position.ts";
import { isEmptyPage, type SeenItems } from "../json-list/seen-items.ts";
import type { MemoryPage } from "../memory-source.ts";
import { attempt } from "./probe.ts";

/** Asks for one page of the range; `size` defaults to the size of the first page. */
export type AskPage = (position: Position, size?: number) => Promise<MemoryList>;

/**
 * Yields what follows the first page, page by page, each item once, and returns why that is not all, or null when it is. `seen`
 * already holds the first page.
 */
export type Pager = (
  first: MemoryList,
  askPage: AskPage,
  seen: SeenItems,
) => AsyncGenerator<MemoryPage, string | null>;

export const pagers: Record<PagingStyle, Pager> = { offset: byOffset, page: byPage, cursor: byCursor };

/** Pages without anything new, and steps back, after which a listing is given up. */
const maxHiccups = 20;
const changesTooFast = "the list changed faster than its pages could be read; the next run tries again";
/** A listing with more pages never ends. */
const maxPages = 100_000;

/**
 * Each page begins with the last item of the one before. When the first item of a page is not known, items were removed at the
 * source and the rest moved up, perhaps past our position: step back until the first item is known.
 */
async function* byOffset(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  const pageSize = first.received;
  if (pageSize === 0) return reasonToGoOn(first, first.clues.more ?? first.clues.part);
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
    else if (list.received < pageSize) return reasonToGoOn(list);
    else if (list.keys[0] === firstKey) return yield* byWholePages(first, askPage, seen);
    else hiccups++;
    firstKey = list.keys[0];
    offset += list.received - 1;
  }
  return changesTooFast;
}

/** For a server that rounds offsets down to whole pages, so that pages cannot overlap; and for one that has no offsets. */
async function* byWholePages(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  const pageSize = first.received;
  for (let offset = pageSize; ; offset += pageSize) {
    const list = await askPage({ offset });
    const page = seen.take(list);
    if (isEmptyPage(page)) return list.received < pageSize ? reasonToGoOn(list) : sameAgain("offset");
    yield page;
    const gap = offset > pageSize ? null : await findGap(first, (size) => askPage({ offset: size }, size));
    if (gap !== null) return gap;
  }
}

/**
 * Begins with `page=1`: where pages count from 1 it is the first page again, where they count from 0 the second. A page that is
 * shorter than the first one need not be the last one: some servers filter items out of a page. Items that move up while the pages
 * are read can slip through between two pages; this style cannot detect that.
 */
async function* byPage(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  if (first.received === 0) return reasonToGoOn(first, first.clues.more ?? first.clues.part);
  let firstKey: string | undefined;
  let isProved = false;
  for (let page = 1, hiccups = 0; hiccups <= maxHiccups; page++) {
    const list = await askPage({ page }).catch(nothingBeyondLastPage);
    const fresh = seen.take(list);
    if (isEmptyPage(fresh)) {
      const end = endOfPages(first, list, { page, firstKey });
      if (end !== undefined) return end;
      hiccups++;
    } else {
      yield fresh;
      const gap = isProved ? null : await findGap(first, (size) => askPage({ page }, size));
      if (gap !== null) return gap;
      isProved = true;
    }
    firstKey = list.keys[0];
  }
  return changesTooFast;
}

/**
 * The result of a page without anything new: why there may be more, null when there is no more, undefined while that is unknown.
 */
function endOfPages(
  first: MemoryList,
  list: MemoryList,
  { page, firstKey }: { page: number; firstKey: string | undefined },
): string | null | undefined {
  if (list.received === 0) return reasonToGoOn(list);
  if (list.received >= first.received) return list.keys[0] === firstKey ? sameAgain("page") : undefined;
  return page > 1 && !goesOn(list) ? null : undefined;
}

/**
 * When the second page does not begin where the first one ends, no page shows the items between them. A second page of half the
 * size begins within the first one, unless the server uses a page size of its own. Null when there is no gap, and when the size has
 * no effect, which proves nothing.
 */
async function findGap(
  first: MemoryList,
  askSecond: (size: number) => Promise<MemoryList>,
): Promise<string | null> {
  const size = Math.ceil(first.received / 2);
  if (first.received < 2) return null;
  const second = await attempt(() => askSecond(size));
  if (second === null || second.received === 0 || second.received > size) return null;
  const known = new Set(first.keys);
  return second.keys.some((key) => known.has(key)) ? null : leavesGaps;
}

async function* byCursor(first: MemoryList, askPage: AskPage, seen: SeenItems): ReturnType<Pager> {
  const used = new Set<string>();
  let { next } = first.clues;
  if (next === undefined) return 'paging is "cursor", but the answer names no next_cursor';
  let hiccups = 0;
  while (next != null) {
    const mark = JSON.stringify(next);
    if (used.has(mark)) return sameAgain("cursor");
    if (hiccups > maxHiccups || used.size > maxPages) return changesTooFast;
    used.add(mark);
    const list = await askPage(next);
    const page = seen.take(list);
    if (isEmptyPage(page)) hiccups++;
    else yield page;
    next = list.clues.next;
  }
  return null;
}

function goesOn({ clues }: MemoryList): boolean {
  return clues.more !== null;
}

function reasonToGoOn({ clues }: MemoryList, said = clues.more): string | null {
  return said === null
    ? null
    : `the server says that there are more memories (${said}) and shows none; its paging seems to be another one`;
}

const leavesGaps =
  "the server's pages leave gaps between them: a page of half the size does not begin where half a page ends; try another paging, or a query_limit of the size by which the server steps";

/** Some servers answer a page after the last one with 404. */
function nothingBeyondLastPage(error: unknown): MemoryList {
  if (!isConnectorError(error, "SOURCE_CONTEXT_NOT_FOUND")) throw error;
  return {
    memories: [],
    malformed: [],
    deleted: [],
    keys: [],
    received: 0,
    clues: noClues,
    around: {},
    link: null,
    ambiguous: [],
    isWhole: true,
    doubt: null,
  };
}

function sameAgain(parameter: string): string {
  return `the server sends the same memories again for the next ${parameter}: it does not seem to have this way of paging`;
}
