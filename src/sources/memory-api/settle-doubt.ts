import { plural } from "../../kernel/util/readable.ts";
import type { MemoryPage } from "../memory-source.ts";
import { contradicted, judgeEnd, mayBeCut, mayHaveUnsaidPages, type Verdict } from "./completeness.ts";
import { attempt, type Finding, lookBehind, lookFurther } from "./further-look.ts";
import type { Grown } from "./grow-limit.ts";
import { endsWithOldest, type Listing, shownList } from "./listing-work.ts";
import type { MemoryList } from "./memory-list.ts";
import { isNewestFirst, lookNarrower } from "./narrower-look.ts";
import type { SeenItems } from "./seen-items.ts";

/** For a list that came in one answer: the verdict, and what it should have shown and another answer has. */
export async function conclude(
  listing: Listing,
  { list, limit, verdict }: Grown,
  seen: SeenItems,
): Promise<{ verdict: Verdict; hidden: MemoryPage | null }> {
  const settled = await settle(listing, { list, limit }, verdict);
  const { server, request, options, lore, startedAt } = listing;
  const { range } = request;
  const mayLackNew = mayBeCut(shownList(listing, limit, list, null), options, lore);
  if (settled.kind !== "complete" || !mayLackNew || isNewestFirst(list.memories))
    return { verdict: settled, hidden: null };
  const narrower = await lookNarrower(server, { range, limit, keys: seen, startedAt });
  if (narrower === null) return { verdict: settled, hidden: null };
  return { verdict: contradicted(range, narrower.range, list.received), hidden: seen.take(narrower.answer) };
}

/** Another look, where an answer alone leaves a doubt, or a server that pages would not show that there is more. */
async function settle(
  listing: Listing,
  { list, limit }: { list: MemoryList; limit: number },
  verdict: Verdict,
): Promise<Verdict> {
  const { server, request, options, lore } = listing;
  if (verdict.kind === "doubtful" && verdict.about === "total")
    return settleTotal(listing, list, limit, verdict);
  if (options.paging !== "none") return verdict;
  const doubted = { range: request.range, limit, list };
  if (verdict.kind === "doubtful") {
    const largestBefore = verdict.about === "shorter" ? 0 : server.largestAnswer();
    return judgeFinding(doubted, await lookFurther(server, { ...doubted, largestBefore }), verdict);
  }
  const shown = shownList(listing, limit, list, endsWithOldest(listing, list));
  if (verdict.kind !== "complete" || !list.isWhole) return verdict;
  if (!mayHaveUnsaidPages(shown, options, lore)) return verdict;
  return judgeFinding(doubted, await lookBehind(server, doubted), verdict);
}

function judgeFinding(
  { list: { received }, limit }: { list: MemoryList; limit: number },
  finding: Finding,
  verdict: Verdict,
): Verdict {
  if (finding.kind === "whole") return { kind: "complete" };
  if (finding.kind === "nothing") return verdict;
  const reason = `${plural(received, "memory", "memories")} came for a limit of ${limit}, and the server has more on a next page; set paging to "${finding.paging}"`;
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
