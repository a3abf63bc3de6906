import { plural } from "../../kernel/util/readable.ts";
import type { Clues } from "../json-list/answer-clues.ts";
import type { ListingLore, QueryRange } from "./listing-lore.ts";

/**
 * Whether a listing shows everything. It does unless there is evidence against it; this file weighs all of that evidence:
 *
 * - a full page: the Memory API hides what lies beyond `limit`, so it is asked for again with a larger one,
 * - what the answer itself says: totals, flags, links, cursors, headers (`answer-clues.ts`),
 * - the length alone. Servers cap the limit silently, at numbers that people write, or at the very limit that was asked for at
 *   first. The larger steps of our own limits are no evidence,
 * - history (`ListingLore`): when a list is no shorter than before and lacks its oldest memory, new memories may have pushed that one off.
 *
 * The same history, and probes (`probe.ts`), resolve a doubt.
 */

/** What the operator knows of the server's own cap on `limit`. */
export type ServerCap = number | "none" | "unknown";

export interface ListingLimits {
  /** No request asks for more than this. */
  maxLimit: number;
  /** `none`: the server shows everything up to the limit. A number: it never shows more than that. */
  serverCap: ServerCap;
}

/** An answer that was full, by its limit. */
export interface FullAnswer {
  limit: number;
  /** It was the first limit; larger ones are our own steps. */
  isFirst: boolean;
}

/** A list as far as it was shown. */
export interface ShownList {
  range: QueryRange;
  limit: number;
  /** Items, broken and repeated ones included. */
  received: number;
  clues: Clues;
  /** The smaller limit that it also filled; the larger one brought no more. */
  filled?: FullAnswer | null;
  /** Whether it has the oldest memory of the last whole list of this range; null when that proves nothing. */
  hasOldest: boolean | null;
}

export type TruncationAssessment =
  | { kind: "complete" }
  /** Full: the same question with a larger limit tells more. */
  | { kind: "ask-larger"; limit: number }
  /** This answer does not show it; a probe may prove that there is nothing more. */
  | { kind: "doubtful"; about: "length" | "total" | "shorter"; reason: string }
  | { kind: "truncated"; reason: string; cap?: number };

const complete = { kind: "complete" } as const;
const growth = 10;
/** Above it, lists have the length of a cap more often than servers have the cap. */
const largestCommonCap = 1_024;

export function assess(list: ShownList, limits: ListingLimits, lore: ListingLore): TruncationAssessment {
  return isFull(list, limits.serverCap) ? assessFull(list, limits) : assessEnd(list, limits, lore);
}

/** The same for a list that was read to its end: the limit of a single answer does not matter then. */
export function assessEnd(
  list: ShownList,
  { serverCap }: ListingLimits,
  lore: ListingLore,
): TruncationAssessment {
  if (serverCap === "none") return complete;
  const { received, clues } = list;
  if ((clues.more ?? clues.part) !== null) return { kind: "truncated", reason: moreReason(list) };
  const total = hiddenTotal(list, lore);
  if (total !== null) return doubtTotal(list, total);
  if (typeof serverCap === "number") return complete;
  if (lore.cap !== null) return received === lore.cap ? capDetected(received, lore.cap) : complete;
  if (isPushedOn(list, lore)) return capDetected(received, received);
  if (isCutShorter(list, lore)) return { kind: "doubtful", about: "shorter", reason: shorterReason(list) };
  if (!isSuspicious(list) || received < lore.largest || list.hasOldest === true) return complete;
  return { kind: "doubtful", about: "length", reason: lengthReason(list) };
}

/**
 * Whether a request for the next page of a list that looks whole is worthwhile: the list may be cut off at an unsuspicious length.
 * Not where the server says that this is all, has shown more in one answer, or shows the oldest memory of a whole list.
 */
export function mayBeCut(list: ShownList, { serverCap }: ListingLimits, lore: ListingLore): boolean {
  if (serverCap !== "unknown" || list.received === 0 || saysAll(list.clues)) return false;
  return list.received >= lore.largest && list.hasOldest !== true;
}

/** Whether a server that does not mention paging is asked for a next page. Above the common caps it costs more than it is worth. */
export function mayHaveUnsaidPages(list: ShownList, limits: ListingLimits, lore: ListingLore): boolean {
  return list.received <= largestCommonCap && mayBeCut(list, limits, lore);
}

/**
 * Whether the length of the list of everything may still be a cap of an odd size: no other length has been seen yet. Then it is
 * read whole each time, so that the first new memory shows whether it pushes an old one off.
 */
export function mayHaveOddCap(
  { paging, serverCap }: { paging: string; serverCap: ServerCap },
  { lists, moved }: ListingLore,
): boolean {
  if (paging !== "none" || serverCap !== "unknown" || moved === true) return false;
  const length = lists.all?.length ?? 0;
  return length > 0 && length <= largestCommonCap;
}

function isFull({ limit, received }: ShownList, serverCap: ServerCap): boolean {
  return received >= (typeof serverCap === "number" ? Math.min(limit, serverCap) : limit);
}

function assessFull(
  { limit, received }: ShownList,
  { maxLimit, serverCap }: ListingLimits,
): TruncationAssessment {
  if (typeof serverCap === "number" && limit >= serverCap) {
    const reason = `${plural(received, "memory", "memories")} came, which is all that the server's cap (server_cap: ${serverCap}) lets through; set paging if the server has it, or narrow query_range`;
    return { kind: "truncated", reason };
  }
  if (limit >= maxLimit) {
    const reason = `${plural(received, "memory", "memories")} came for a limit of ${limit}; raise max_limit, or set paging if the server has it`;
    return { kind: "truncated", reason };
  }
  const ceiling = typeof serverCap === "number" ? Math.min(maxLimit, serverCap) : maxLimit;
  return { kind: "ask-larger", limit: Math.min(ceiling, limit * growth) };
}

/** The server's total if it exceeds what the server shows; null otherwise. */
function hiddenTotal(
  { range, received, limit, clues }: ShownList,
  { totalOfAll }: ListingLore,
): number | null {
  if (totalOfAll && range !== "all") return null;
  const { total, size } = clues;
  if (total !== null) return total.value > received ? total.value : null;
  return size !== null && size.value > received && size.value !== limit ? size.value : null;
}

/** No shorter than the last whole list, and without its oldest memory, which is still within the range. */
function isPushedOn({ range, received, hasOldest }: ShownList, { lists }: ListingLore): boolean {
  const before = lists[range];
  return before !== undefined && hasOldest === false && received >= before.length;
}

/**
 * Shorter than the last whole list by more than its oldest memory, which is gone, and of a round length: as when a cap has been
 * introduced at the server. What it showed before proves nothing about that.
 */
function isCutShorter({ range, received, hasOldest, clues }: ShownList, { lists }: ListingLore): boolean {
  const before = lists[range];
  if (before === undefined || hasOldest !== false || saysAll(clues)) return false;
  return received > 0 && before.length - received > 1 && isRound(received);
}

/**
 * A number that people write; when the oldest memories are gone as well, weaker evidence than in `looksLikeCap` is enough for a doubt.
 */
function isRound(length: number): boolean {
  return length % 10 === 0 || length % 25 === 0 || isPowerOfTwo(length);
}

function isPowerOfTwo(length: number): boolean {
  return Math.log2(length) % 1 === 0;
}

/** The page length that the server states, or one that a cap may have; unless the server says that this is all. */
function isSuspicious({ received, limit, filled, clues }: ShownList): boolean {
  if (clues.pageLimit !== null && clues.pageLimit.value < limit && received >= clues.pageLimit.value)
    return true;
  return (looksLikeCap(received) || hasStopped(received, filled ?? null)) && !saysAll(clues);
}

/**
 * By a flag, or by a total, which has been compared already. `count`, `memory_count` and the like most often count what is shown.
 */
function saysAll({ last, total }: Clues): boolean {
  return last || (total !== null && countsAll.test(total.name));
}
const countsAll = /total|found|full|available|overall|matched|odata|content-range/i;

/** A larger limit brought no more than the one that was full. At large steps of our own, lists have that length by chance. */
function hasStopped(received: number, filled: FullAnswer | null): boolean {
  return filled !== null && received === filled.limit && (filled.isFirst || received <= largestCommonCap);
}

/** Fifty, a hundred, five hundred, or a power of two. Smaller lists and longer ones have such a length by chance more often. */
export function looksLikeCap(length: number): boolean {
  if (length < 50 || length > largestCommonCap) return false;
  return length % 50 === 0 || isPowerOfTwo(length);
}

function capDetected(received: number, cap: number): TruncationAssessment {
  const reason = `${plural(received, "memory", "memories")} came, no fewer than before, and the oldest ones are gone: new ones seem to push old ones off the list; ${advice(cap)}`;
  return { kind: "truncated", reason, cap };
}

function shorterReason({ received }: ShownList): string {
  return `${plural(received, "memory", "memories")} came, fewer than before, the oldest ones are gone, and that is the size of a server's cap; ${advice(received)}`;
}

/** A narrower range shows a memory that the list lacks. */
export function contradicted(
  range: QueryRange,
  narrower: QueryRange,
  received: number,
): TruncationAssessment {
  const reason = `${plural(received, "memory", "memories")} came for the range "${range}", and the range "${narrower}" has others: the server cuts its lists off, or does not know the range; set server_cap or paging, or query_range to "${narrower}"`;
  return { kind: "truncated", reason };
}

/** A list of the range "all" lacks exactly the memories that are older than a narrower range reaches. */
export function agedOut(received: number, holder: QueryRange): TruncationAssessment {
  const reason = `${plural(received, "memory", "memories")} came for the range "all", none older than a ${holder}, and those that have become older are gone: the server does not seem to know the range; set query_range to "${holder}", or server_cap to "none" if memories are removed from the source at that age`;
  return { kind: "truncated", reason };
}

function doubtTotal({ range, received, clues }: ShownList, total: number): TruncationAssessment {
  const name = (clues.total ?? clues.size)?.name;
  const reason = `the server counts ${plural(total, "memory", "memories")} and shows ${received} (${name}); ${pagingAdvice(clues)}, or server_cap to "none" if its count means something else`;
  return range === "all" ? { kind: "truncated", reason } : { kind: "doubtful", about: "total", reason };
}

function moreReason({ received, clues }: ShownList): string {
  return `${plural(received, "memory", "memories")} came, and the server says that there are more (${clues.more ?? clues.part}); ${pagingAdvice(clues)}, or server_cap to "none" if it shows everything all the same`;
}

function lengthReason({ limit, received, filled, clues }: ShownList): string {
  const limited =
    clues.pageLimit === null ? "" : ` (it says ${clues.pageLimit.name}: ${clues.pageLimit.value})`;
  const same = filled != null && filled.limit === received ? `, as many as for ${filled.limit}` : "";
  return `${plural(received, "memory", "memories")} came for a limit of ${limit}${same}, the size of a server's cap${limited}; ${advice(received)}`;
}

function advice(cap: number): string {
  return `set server_cap to ${cap} if that is its cap, or to "none" if it has none, or paging if it has it`;
}

/** The advice to set the paging style that the answer itself points to. */
function pagingAdvice({ next }: Clues): string {
  if (next == null) return "set paging to the way in which the server pages (cursor, offset or page)";
  const [style = "cursor"] = ["offset", "page"].filter((name) => name in next);
  return `set paging to "${style}"`;
}
