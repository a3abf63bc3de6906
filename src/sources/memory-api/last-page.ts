import type { Verdict } from "./completeness.ts";
import type { ListingLore, WholeList } from "./listing-lore.ts";
import type { Listing } from "./listing-work.ts";
import type { SeenItems } from "./seen-items.ts";

/** What the last page of a listing says. */
export function lastPage(listing: Listing, verdict: Verdict, limit: number, seen: SeenItems) {
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
  const before = request.range === "all" ? lore.lists.all : undefined;
  const moved = before !== undefined && before.length !== list.length ? ({ moved: true } as const) : {};
  return { ...lore, ...moved, lists: { ...lore.lists, [request.range]: list }, largest, cap };
}
