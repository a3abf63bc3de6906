import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { malformedKey, memoryKey } from "../json-list/memory-list.ts";
import { isEmptyPage, type SeenItems } from "../json-list/seen-items.ts";
import type { MemoryPage } from "../memory-source.ts";
import { agedOut, contradicted, type TruncationAssessment } from "./completeness.ts";
import type { ListingLore, QueryRange } from "./listing-lore.ts";
import { hasOldest, type Listing } from "./listing-work.ts";
import { isNoAnswer } from "./probe.ts";
import { narrowerRanges, rangeThatHolds, widerRanges } from "./query-range.ts";

/**
 * Verifies that a list of the range `all` shows everything. A server that does not know the range silently shows a week instead, or
 * a day or a month. A memory older than a month is the proof. A list without one is compared with the ranges that reach further
 * back than its oldest memory: the first time, and whenever its oldest memory is gone. Memories that only they show are yielded.
 */
export async function* verifyRangeAll(
  listing: Listing,
  seen: SeenItems,
  listOther: (range: QueryRange) => AsyncIterable<MemoryPage>,
): AsyncGenerator<MemoryPage, TruncationAssessment> {
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
  if (isLost && lore.reach !== "proved" && hasAged(listing, reach)) return agedOut(shown, reach);
  return isAnswered ? learnt(listing, lore.reach ?? "compared") : whole;
}

const whole = { kind: "complete" } as const;

function learnt(listing: Listing, reach: ListingLore["reach"]): TruncationAssessment {
  listing.lore = { ...listing.lore, reach };
  return whole;
}

/** Ranges between two others, the widest first. */
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
 * Yields unseen items. Returns whether any of them is older than the listing; a refusal means that the server does not know the
 * range, and a failure proves nothing.
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
