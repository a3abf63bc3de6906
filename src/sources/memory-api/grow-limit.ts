import { plural } from "../../kernel/util/readable.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import { assess, assessEnd, type FullAnswer, type TruncationAssessment } from "./completeness.ts";
import { endsWithOldest, type Listing, type ListingOptions, shownList } from "./listing-work.ts";
import { attempt, isTooMuchAsked } from "./probe.ts";

/** The longest answer that larger limits brought, and its assessment. */
export interface LargestAnswer {
  list: MemoryList;
  limit: number;
  assessment: Exclude<TruncationAssessment, { kind: "ask-larger" }>;
}

/** Asks for the first page, with larger limits while it comes back full. */
export async function growLimit(listing: Listing): Promise<LargestAnswer> {
  let { list, limit } = await askFirst(listing);
  const firstLimit = limit;
  let filled: FullAnswer | null = null;
  for (;;) {
    const { options, lore } = listing;
    const shown = { ...shownList(listing, limit, list, endsWithOldest(listing, list)), filled };
    const assessment = saysWhatFollows(list, options)
      ? assessEnd(shown, options, lore)
      : assess(shown, options, lore);
    if (assessment.kind !== "ask-larger") return { list, limit, assessment };
    const larger = await askLarger(listing, assessment.limit, list);
    if (typeof larger === "string") return { list, limit, assessment: { kind: "truncated", reason: larger } };
    filled = { limit, isFirst: limit === firstLimit };
    limit = assessment.limit;
    list = larger;
  }
}

/** Begins with the limit that the last whole list fitted into, which saves the search for it. */
async function askFirst({ server, request, lore }: Listing): Promise<{ list: MemoryList; limit: number }> {
  const { range, limit } = request;
  const fitted = lore.lists[range]?.limit ?? 0;
  const list = fitted > limit ? await attempt(() => server.ask({ range, limit: fitted })) : null;
  return list === null ? { list: await server.ask({ range, limit }), limit } : { list, limit: fitted };
}

/** A cursor says more about the rest than any size. */
export function saysWhatFollows({ clues }: MemoryList, options: ListingOptions): boolean {
  return options.paging === "cursor" && clues.next !== undefined;
}

/** The answer to a larger limit, or the reason to keep the smaller one, which is valid but may not be complete. */
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
