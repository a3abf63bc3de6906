import { plural } from "../../util/readable.ts";
import type { ListingLore, WholeList } from "../listing-lore.ts";
import { noLore } from "../listing-lore.ts";
import type { ListRequest, MemoryPage } from "../memory-source.ts";
import { coveredSince } from "../query-range.ts";
import {
  contradicted,
  type Filled,
  judge,
  judgeEnd,
  type ListingLimits,
  mayBeCut,
  type ShownList,
  type Verdict,
} from "./completeness.ts";
import { attempt, isTooMuchAsked, lookFurther } from "./further-look.ts";
import type { ListingServer } from "./listing-server.ts";
import type { MemoryList } from "./memory-list.ts";
import { isNewestFirst, lookNarrower } from "./narrower-look.ts";
import type { Position } from "./next-position.ts";
import { type PagingStyle, pagers } from "./paging.ts";
import { SeenItems } from "./seen-items.ts";

export interface ListingOptions extends ListingLimits {
  paging: PagingStyle | "none";
  clock: { now(): number };
}

/** The best that larger limits brought, and what is to be thought of it. */
interface Grown {
  list: MemoryList;
  limit: number;
  verdict: Exclude<Verdict, { kind: "ask-larger" }>;
}

/** How a walk through pages ended: why it may not have shown everything, and its last answer. */
interface Walked {
  reason: string | null;
  last: MemoryList;
}

/** What one listing works with. */
interface Listing {
  server: ListingServer;
  request: ListRequest;
  options: ListingOptions;
  lore: ListingLore;
  startedAt: number;
}

/**
 * Lists a range: larger limits while pages come back full, then the server's paging, then the verdict. See `completeness.ts`. The last
 * page carries what was learnt.
 */
export async function* listRange(
  server: ListingServer,
  request: ListRequest,
  options: ListingOptions,
): AsyncGenerator<MemoryPage> {
  const lore = request.lore ?? noLore;
  const listing = { server, request, options, lore, startedAt: options.clock.now() };
  const grown = await growLimit(listing);
  const seen = new SeenItems();
  const page = seen.take(grown.list);
  if (options.paging === "none" || !hasNextPage(listing, grown)) {
    const end = await conclude(listing, grown, seen);
    if (end.hidden !== null) yield page;
    yield { ...(end.hidden ?? page), ...verdictOf(listing, end.verdict, grown.limit, seen) };
    return;
  }
  yield page;
  const inFirst = seen.size;
  const walked = yield* walk(listing, grown, seen);
  const mayHaveDrifted = seen.size > inFirst;
  const end = judgeWalk(listing, { grown, ...walked, mayHaveDrifted }, seen);
  yield { memories: [], malformed: [], mayHaveDrifted, ...verdictOf(listing, end, grown.limit, seen) };
}

async function* walk(
  { server, request, options }: Listing,
  { list, limit }: Grown,
  seen: SeenItems,
): AsyncGenerator<MemoryPage, Walked> {
  let last = list;
  const askPage = async (position: Position) => {
    last = await server.ask({ range: request.range, limit: list.received || limit, position });
    return last;
  };
  const reason = options.paging === "none" ? null : yield* pagers[options.paging](list, askPage, seen);
  return { reason, last };
}

async function growLimit(listing: Listing): Promise<Grown> {
  let { list, limit } = await askFirst(listing);
  const firstLimit = limit;
  let filled: Filled | null = null;
  for (;;) {
    const { options, lore } = listing;
    const shown = { ...shownList(listing, limit, list, endsWithOldest(listing, list)), filled };
    const verdict = saysWhatFollows(list, options)
      ? judgeEnd(shown, options, lore)
      : judge(shown, options, lore);
    if (verdict.kind !== "ask-larger") return { list, limit, verdict };
    const larger = await askLarger(listing, verdict.limit, list);
    if (typeof larger === "string") return { list, limit, verdict: { kind: "truncated", reason: larger } };
    filled = { limit, isFirst: limit === firstLimit };
    limit = verdict.limit;
    list = larger;
  }
}

/** Begins with the limit that the last whole list fitted into, so that it is not searched for again. */
async function askFirst({ server, request, lore }: Listing): Promise<{ list: MemoryList; limit: number }> {
  const { range, limit } = request;
  const fitted = lore.lists[range]?.limit ?? 0;
  const list = fitted > limit ? await attempt(() => server.ask({ range, limit: fitted })) : null;
  return list === null ? { list: await server.ask({ range, limit }), limit } : { list, limit: fitted };
}

/** A cursor tells more about the rest than any size. */
function saysWhatFollows({ clues }: MemoryList, options: ListingOptions): boolean {
  return options.paging === "cursor" && clues.next !== undefined;
}

/** The answer to a larger limit, or the reason to stay with the smaller one, which is good and only not known to be all. */
async function askLarger(
  { server, request: { range } }: Listing,
  limit: number,
  smaller: MemoryList,
): Promise<MemoryList | string> {
  try {
    const larger = await server.ask({ range, limit });
    if (larger.received >= smaller.received) return larger;
    if (!larger.isWhole) return failsAt(smaller, limit, "its answers break off");
    return `${plural(smaller.received, "memory", "memories")} came, but only ${larger.received} for a limit of ${limit}; set max_limit to what the server supports, or paging if it has it`;
  } catch (error) {
    if (!isTooMuchAsked(error)) throw error;
    return failsAt(smaller, limit, error.message);
  }
}

function failsAt({ received }: MemoryList, limit: number, how: string): string {
  return `${plural(received, "memory", "memories")} came, and the server fails with a limit of ${limit} (${how}); set max_limit to what it supports, or paging if it has it`;
}

function hasNextPage(listing: Listing, { list, limit, verdict }: Grown): boolean {
  const { options, lore } = listing;
  if (saysWhatFollows(list, options)) return list.clues.next !== null;
  if (verdict.kind !== "complete") return true;
  const shown = shownList(listing, limit, list, endsWithOldest(listing, list));
  return options.paging !== "cursor" && mayBeCut(shown, options, lore);
}

/** For a list that came in one answer: the verdict, and what it should have shown and another answer has. */
async function conclude(
  listing: Listing,
  { list, limit, verdict }: Grown,
  seen: SeenItems,
): Promise<{ verdict: Verdict; hidden: MemoryPage | null }> {
  const settled = verdict.kind === "doubtful" ? await settle(listing, { list, limit }, verdict) : verdict;
  const { server, request, options, lore, startedAt } = listing;
  const { range } = request;
  const mayLackNew = mayBeCut(shownList(listing, limit, list, null), options, lore);
  if (settled.kind !== "complete" || !mayLackNew || isNewestFirst(list.memories))
    return { verdict: settled, hidden: null };
  const narrower = await lookNarrower(server, { range, limit, keys: seen, startedAt });
  if (narrower === null) return { verdict: settled, hidden: null };
  return { verdict: contradicted(range, narrower.range, list.received), hidden: seen.take(narrower.answer) };
}

/** Another look, where an answer alone leaves a doubt. */
async function settle(
  listing: Listing,
  { list, limit }: { list: MemoryList; limit: number },
  doubt: Extract<Verdict, { kind: "doubtful" }>,
): Promise<Verdict> {
  const { server, request, options } = listing;
  if (doubt.about === "total") return settleTotal(listing, list, limit, doubt);
  if (options.paging !== "none") return doubt;
  const largestBefore = doubt.about === "shorter" ? 0 : server.largestAnswer();
  const finding = await lookFurther(server, { range: request.range, limit, list, largestBefore });
  if (finding.kind === "whole") return { kind: "complete" };
  if (finding.kind === "nothing") return doubt;
  const reason = `${plural(list.received, "memory", "memories")} came for a limit of ${limit}, and the server has more on a next page; set paging to "${finding.paging}"`;
  return { kind: "truncated", reason };
}

/** A total that stays the same when everything is asked for, and is all there then, counts everything whatever the range. */
async function settleTotal(
  listing: Listing,
  list: MemoryList,
  limit: number,
  doubt: Verdict,
): Promise<Verdict> {
  const total = Math.max(list.clues.total?.value ?? 0, list.clues.size?.value ?? 0);
  const enough = Math.min(listing.options.maxLimit, Math.max(limit, total + 1));
  const all = await attempt(() => listing.server.ask({ range: "all", limit: enough }));
  if (all === null || all.received < total) return doubt;
  listing.lore = { ...listing.lore, totalOfAll: true };
  return judgeEnd(shownList(listing, limit, list, null), listing.options, listing.lore);
}

/**
 * A list that was read in pages counts as a whole; what its last answer says is about the end. A walk that failed and showed nothing says
 * nothing against a first answer that looked whole by itself.
 */
function judgeWalk(
  listing: Listing,
  { grown, reason, last, mayHaveDrifted }: Walked & { grown: Grown; mayHaveDrifted: boolean },
  seen: SeenItems,
): Verdict {
  if (reason !== null)
    return grown.verdict.kind === "complete" && !mayHaveDrifted
      ? grown.verdict
      : { kind: "truncated", reason };
  const shown = shownList(listing, grown.limit, last, hasOldest(listing, seen));
  return judgeEnd(
    { ...shown, received: seen.size, clues: { ...last.clues, pageLimit: null, part: null, last: true } },
    listing.options,
    listing.lore,
  );
}

function shownList(
  { request }: Listing,
  limit: number,
  { received, clues }: MemoryList,
  hasOldest: boolean | null,
): ShownList {
  return { range: request.range, limit, received, clues, hasOldest };
}

/** Null where the last whole list had none, or where it has left the range by its age. */
function hasOldest(
  { request: { range }, lore, startedAt }: Listing,
  keys: { has(key: string): boolean },
): boolean | null {
  const { oldestId, oldestAt } = lore.lists[range] ?? { oldestId: null, oldestAt: null };
  if (oldestId === null || oldestAt === null) return null;
  if (keys.has(oldestId)) return true;
  return oldestAt >= coveredSince(range, startedAt) ? false : null;
}

/** The same for one answer: that it shows the oldest memory says something of its end only when it runs from new to old. */
function endsWithOldest(listing: Listing, { keys, memories }: MemoryList): boolean | null {
  const has = hasOldest(listing, new Set(keys));
  return has === true && !isNewestFirst(memories) ? null : has;
}

/** What the last page of a listing says. */
function verdictOf(listing: Listing, verdict: Verdict, limit: number, seen: SeenItems) {
  const isWhole = verdict.kind === "complete";
  return {
    truncated: isWhole || verdict.kind === "ask-larger" ? null : { reason: verdict.reason },
    lore: learn(listing, verdict, limit, seen),
  };
}

function learn(
  { server, request, lore }: Listing,
  verdict: Verdict,
  limit: number,
  seen: SeenItems,
): ListingLore {
  const largest = Math.max(lore.largest, server.largestAnswer(), 0);
  if (verdict.kind !== "complete") {
    const cap = verdict.kind === "truncated" ? (verdict.cap ?? lore.cap) : lore.cap;
    return { ...lore, largest, cap };
  }
  const list: WholeList = { limit, length: seen.size, ...seen.oldest };
  const cap = lore.cap !== null && seen.size > lore.cap ? null : lore.cap;
  return { ...lore, lists: { ...lore.lists, [request.range]: list }, largest, cap };
}
