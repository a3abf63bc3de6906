import type { MemoryPage } from "../memory-source.ts";
import { judgeEnd, mayBeCut, type Verdict } from "./completeness.ts";
import { type Grown, growLimit, saysWhatFollows } from "./grow-limit.ts";
import { lastPage } from "./last-page.ts";
import { noLore } from "./listing-lore.ts";
import type { ListingServer } from "./listing-server.ts";
import {
  endsWithOldest,
  hasOldest,
  type Listing,
  type ListingOptions,
  type RangeRequest,
  shownList,
} from "./listing-work.ts";
import type { MemoryList } from "./memory-list.ts";
import type { Position } from "./next-position.ts";
import { pagers } from "./paging.ts";
import { proveAll } from "./prove-all.ts";
import { SeenItems } from "./seen-items.ts";
import { conclude } from "./settle-doubt.ts";

/**
 * Lists a range: larger limits while pages come back full, then the server's paging, then the verdict. See `completeness.ts`. The last
 * page carries what was learnt.
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
  // A list that broke off is not believed anyway.
  const isBelieved = end.verdict.kind === "complete" && grown.list.isWhole;
  const verdict = isBelieved
    ? yield* proveAll(listing, seen, (range) =>
        listRange(server, { ...request, range, limit }, comparing(options)),
      )
    : end.verdict;
  yield { mayHaveDrifted: false, ...end.page, ...lastPage(listing, verdict, limit, seen) };
}

/** Of a list that another one is compared with, only what it shows counts: no further look is worth a request. */
function comparing(options: ListingOptions): ListingOptions {
  const isUnknown = options.paging === "none" && options.serverCap === "unknown";
  return isUnknown ? { ...options, serverCap: "none" } : options;
}

/** What a listing has come to, and what is left to be yielded with it. */
interface End {
  verdict: Verdict;
  page: Pick<MemoryPage, "memories" | "malformed" | "ambiguous" | "mayHaveDrifted">;
}

async function* readAnswer(listing: Listing, grown: Grown, seen: SeenItems): AsyncGenerator<MemoryPage, End> {
  const page = seen.take(grown.list);
  const { verdict, hidden } = await conclude(listing, grown, seen);
  if (hidden !== null) yield hidden;
  return { verdict, page };
}

async function* readPages(listing: Listing, grown: Grown, seen: SeenItems): AsyncGenerator<MemoryPage, End> {
  yield seen.take(grown.list);
  const inFirst = seen.size;
  const walked = yield* walk(listing, grown, seen);
  const mayHaveDrifted = seen.size > inFirst;
  const verdict = judgeWalk(listing, { grown, ...walked, mayHaveDrifted }, seen);
  return { verdict, page: { memories: [], malformed: [], mayHaveDrifted } };
}

/** How a walk through pages ended: why it may not have shown everything, and its last answer. */
interface Walked {
  reason: string | null;
  last: MemoryList;
}

async function* walk(
  { server, request, options }: Listing,
  { list, limit }: Grown,
  seen: SeenItems,
): AsyncGenerator<MemoryPage, Walked> {
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

function hasNextPage(listing: Listing, { list, limit, verdict }: Grown): boolean {
  const { options, lore } = listing;
  if (saysWhatFollows(list, options)) return list.clues.next !== null;
  if (verdict.kind !== "complete") return true;
  const shown = shownList(listing, limit, list, endsWithOldest(listing, list));
  return options.paging !== "cursor" && mayBeCut(shown, options, lore);
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
