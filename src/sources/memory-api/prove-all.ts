import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MemoryPage } from "../memory-source.ts";
import { contradicted, fallenOff, type Verdict } from "./completeness.ts";
import { isNoAnswer } from "./further-look.ts";
import type { ListingLore, QueryRange } from "./listing-lore.ts";
import { hasOldest, type Listing } from "./listing-work.ts";
import { malformedKey, memoryKey } from "./memory-list.ts";
import { narrowerRanges, rangeThatHolds, widerRanges } from "./query-range.ts";
import { isEmptyPage, type SeenItems } from "./seen-items.ts";

/**
 * Whether a whole list of the range `all` is that. A server that does not know the range shows a week in its place, or a day or a month, and
 * says nothing. It is proved by a memory that is older than a month. A list without one is compared with the ranges that reach further than
 * its oldest memory: the first time, and whenever its oldest memory is gone. What they show beside it is yielded.
 */
export async function* proveAll(
  listing: Listing,
  seen: SeenItems,
  listOther: (range: QueryRange) => AsyncIterable<MemoryPage>,
): AsyncGenerator<MemoryPage, Verdict> {
  const { lore, startedAt } = listing;
  const reach = rangeThatHolds(seen.oldest.oldestAt, startedAt);
  if (listing.request.range !== "all" || listing.options.serverCap === "none") return whole;
  if (reach === "all") return learnt(listing, "proved");
  const isLost = hasOldest(listing, seen) === false;
  if (lore.reach !== undefined && !isLost) return whole;
  const shown = seen.size;
  let isAnswered = true;
  for (const range of between(reach, "all")) {
    const found = yield* showHidden(listOther(range), seen, startedAt);
    if (found === "hidden") return contradicted("all", range, shown);
    isAnswered &&= found === "nothing";
  }
  if (isLost && lore.reach !== "proved" && hasAged(listing, reach)) return fallenOff(shown, reach);
  return isAnswered ? learnt(listing, lore.reach ?? "compared") : whole;
}

const whole = { kind: "complete" } as const;

function learnt(listing: Listing, reach: ListingLore["reach"]): Verdict {
  listing.lore = { ...listing.lore, reach };
  return whole;
}

/** Ranges that reach further than the one and less far than the other, the widest first. */
function between(narrow: QueryRange, wide: QueryRange): QueryRange[] {
  const narrower = narrowerRanges(wide);
  return widerRanges(narrow)
    .filter((range) => narrower.includes(range))
    .reverse();
}

/** Whether the oldest memory of the last whole list has become older than this range reaches. */
function hasAged({ lore, startedAt }: Listing, range: QueryRange): boolean {
  return widerRanges(range).includes(rangeThatHolds(lore.lists.all?.oldestAt ?? null, startedAt));
}

/**
 * Yields what was not seen. Returns whether there was anything that was there before the listing began; a refusal says that the server does not
 * know the range, and a failure nothing at all.
 */
async function* showHidden(
  pages: AsyncIterable<MemoryPage>,
  seen: SeenItems,
  startedAt: number,
): AsyncGenerator<MemoryPage, "hidden" | "nothing" | "unanswered"> {
  let isHidden = false;
  try {
    for await (const page of pages) {
      const keys = [...page.memories.map(memoryKey), ...page.malformed.map(malformedKey)];
      const fresh = seen.take({ ...page, ambiguous: page.ambiguous ?? [], keys });
      isHidden ||= fresh.memories.some(({ createdAt }) => Date.parse(createdAt) < startedAt);
      if (!isEmptyPage(fresh)) yield fresh;
    }
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    if (!isHidden) return isConnectorError(error, "SOURCE_REFUSED") ? "nothing" : "unanswered";
  }
  return isHidden ? "hidden" : "nothing";
}
