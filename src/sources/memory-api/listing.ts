import type { MemoryList } from "../json-list/memory-list.ts";
import type { Position } from "../json-list/next-position.ts";
import { SeenItems } from "../json-list/seen-items.ts";
import type { MemoryPage } from "../memory-source.ts";
import { assessEnd, mayBeCut, type TruncationAssessment } from "./completeness.ts";
import { confirmAnswer } from "./confirm-answer.ts";
import { growLimit, type LargestAnswer, saysWhatFollows } from "./grow-limit.ts";
import { type ListingLore, noLore, type WholeList } from "./listing-lore.ts";
import {
  endsWithOldest,
  hasOldest,
  type Listing,
  type ListingOptions,
  type ListingServer,
  type RangeRequest,
  shownList,
} from "./listing-work.ts";
import { pagers } from "./paging.ts";
import { verifyRangeAll } from "./verify-range-all.ts";

/**
 * Lists a range: larger limits while answers come back full, then the server's paging, then the assessment (see `completeness.ts`).
 * The last page carries what was learnt.
 */
export async function* listRange(
  server: ListingServer,
  request: RangeRequest,
  options: ListingOptions,
): AsyncGenerator<MemoryPage> {
  const listing = { server, request, options, lore: request.lore ?? noLore, startedAt: options.clock.now() };
  const grown = await growLimit(listing);
  const { limit } = grown;
  const seen = new SeenItems();
  const isPaged = options.paging !== "none" && hasNextPage(listing, grown);
  const end = yield* isPaged ? readPages(listing, grown, seen) : readAnswer(listing, grown, seen);
  // A list that broke off is never complete.
  const isBelieved = end.assessment.kind === "complete" && grown.list.isWhole;
  const assessment = isBelieved
    ? yield* verifyRangeAll(listing, seen, (range) =>
        listRange(server, { ...request, range, limit }, comparing(options)),
      )
    : end.assessment;
  yield { mayHaveDrifted: false, ...end.page, ...lastPage(listing, assessment, limit, seen) };
}

/** A list that is only compared with another one needs no probes: only what it shows counts. */
function comparing(options: ListingOptions): ListingOptions {
  const isUnknown = options.paging === "none" && options.serverCap === "unknown";
  return isUnknown ? { ...options, serverCap: "none" } : options;
}

/** The assessment of a listing, and the rest that is still to be yielded. */
interface ListingEnd {
  assessment: TruncationAssessment;
  page: Pick<MemoryPage, "memories" | "malformed" | "ambiguous" | "mayHaveDrifted">;
}

async function* readAnswer(
  listing: Listing,
  grown: LargestAnswer,
  seen: SeenItems,
): AsyncGenerator<MemoryPage, ListingEnd> {
  const page = seen.take(grown.list);
  const { assessment, hidden } = await confirmAnswer(listing, grown, seen);
  if (hidden !== null) yield hidden;
  return { assessment, page };
}

async function* readPages(
  listing: Listing,
  grown: LargestAnswer,
  seen: SeenItems,
): AsyncGenerator<MemoryPage, ListingEnd> {
  yield seen.take(grown.list);
  const inFirst = seen.size;
  const walked = yield* walk(listing, grown, seen);
  const mayHaveDrifted = seen.size > inFirst;
  const assessment = assessWalk(listing, { grown, ...walked, mayHaveDrifted }, seen);
  return { assessment, page: { memories: [], malformed: [], mayHaveDrifted } };
}

/** How reading the pages ended: why it may not have shown everything, and the last answer. */
interface WalkResult {
  reason: string | null;
  last: MemoryList;
}

async function* walk(
  { server, request, options }: Listing,
  { list, limit }: LargestAnswer,
  seen: SeenItems,
): AsyncGenerator<MemoryPage, WalkResult> {
  let last = list;
  const askPage = async (position: Position, size?: number) => {
    const answer = await server.ask({
      range: request.range,
      limit: size ?? (list.received || limit),
      position,
    });
    if (size === undefined) last = answer;
    return answer;
  };
  const reason = options.paging === "none" ? null : yield* pagers[options.paging](list, askPage, seen);
  return { reason, last };
}

function hasNextPage(listing: Listing, { list, limit, assessment }: LargestAnswer): boolean {
  const { options, lore } = listing;
  if (saysWhatFollows(list, options)) return list.clues.next !== null;
  if (assessment.kind !== "complete") return true;
  const shown = shownList(listing, limit, list, endsWithOldest(listing, list));
  return options.paging !== "cursor" && mayBeCut(shown, options, lore);
}

/**
 * Pages are assessed as one list; what the last answer says is about its end. Pages that failed and showed nothing are no evidence
 * against a first answer that looked whole by itself.
 */
function assessWalk(
  listing: Listing,
  { grown, reason, last, mayHaveDrifted }: WalkResult & { grown: LargestAnswer; mayHaveDrifted: boolean },
  seen: SeenItems,
): TruncationAssessment {
  if (reason !== null)
    return grown.assessment.kind === "complete" && !mayHaveDrifted
      ? grown.assessment
      : { kind: "truncated", reason };
  const shown = shownList(listing, grown.limit, last, hasOldest(listing, seen));
  return assessEnd(
    { ...shown, received: seen.size, clues: { ...last.clues, pageLimit: null, part: null, last: true } },
    listing.options,
    listing.lore,
  );
}

/** What the last page of a listing adds. */
function lastPage(listing: Listing, assessment: TruncationAssessment, limit: number, seen: SeenItems) {
  const isWhole = assessment.kind === "complete";
  return {
    truncated: isWhole || assessment.kind === "ask-larger" ? null : { reason: assessment.reason },
    lore: learn(listing, assessment, limit, seen),
  };
}

function learn(
  { server, request, lore }: Listing,
  assessment: TruncationAssessment,
  limit: number,
  seen: SeenItems,
): ListingLore {
  const largest = Math.max(lore.largest, server.largestAnswer(), 0);
  if (assessment.kind !== "complete") {
    const cap = assessment.kind === "truncated" ? (assessment.cap ?? lore.cap) : lore.cap;
    return { ...lore, largest, cap };
  }
  const list: WholeList = { limit, length: seen.size, ...seen.oldest };
  const cap = lore.cap !== null && seen.size > lore.cap ? null : lore.cap;
  const before = request.range === "all" ? lore.lists.all : undefined;
  const moved = before !== undefined && before.length !== list.length ? ({ moved: true } as const) : {};
  return { ...lore, ...moved, lists: { ...lore.lists, [request.range]: list }, largest, cap };
}
