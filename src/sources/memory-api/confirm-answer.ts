import type { Memory } from "../../domain/memory.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import type { SeenItems } from "../json-list/seen-items.ts";
import type { MemoryPage } from "../memory-source.ts";
import {
  assessEnd,
  contradicted,
  mayBeCut,
  mayHaveUnsaidPages,
  type TruncationAssessment,
} from "./completeness.ts";
import type { LargestAnswer } from "./grow-limit.ts";
import type { QueryRange } from "./listing-lore.ts";
import {
  endsWithOldest,
  isNewestFirst,
  type Listing,
  type ListingServer,
  shownList,
} from "./listing-work.ts";
import { attempt, type ProbeResult, probeFurther, probeNextPage } from "./probe.ts";
import { narrowerRanges } from "./query-range.ts";

/** For a list in one answer: the assessment, and the memories that it lacks and another answer shows. */
export async function confirmAnswer(
  listing: Listing,
  { list, limit, assessment }: LargestAnswer,
  seen: SeenItems,
): Promise<{ assessment: TruncationAssessment; hidden: MemoryPage | null }> {
  const settled = await resolveDoubt(listing, { list, limit }, assessment);
  const { server, request, options, lore, startedAt } = listing;
  const { range } = request;
  const mayLackNew = mayBeCut(shownList(listing, limit, list, null), options, lore);
  if (settled.kind !== "complete" || !mayLackNew || isNewestFirst(list.memories))
    return { assessment: settled, hidden: null };
  const narrower = await probeNarrower(server, { range, limit, keys: seen, startedAt });
  if (narrower === null) return { assessment: settled, hidden: null };
  return {
    assessment: contradicted(range, narrower.range, list.received),
    hidden: seen.take(narrower.answer),
  };
}

/** Probes the server when an answer alone leaves a doubt, or when a server that pages would not show that there is more. */
async function resolveDoubt(
  listing: Listing,
  { list, limit }: { list: MemoryList; limit: number },
  assessment: TruncationAssessment,
): Promise<TruncationAssessment> {
  const { server, request, options, lore } = listing;
  if (assessment.kind === "doubtful" && assessment.about === "total")
    return resolveTotal(listing, list, limit, assessment);
  if (options.paging !== "none") return assessment;
  const doubted = { range: request.range, limit, list };
  if (assessment.kind === "doubtful") {
    const largestBefore = assessment.about === "shorter" ? 0 : server.largestAnswer();
    return assessProbe(doubted, await probeFurther(server, { ...doubted, largestBefore }), assessment);
  }
  const shown = shownList(listing, limit, list, endsWithOldest(listing, list));
  if (assessment.kind !== "complete" || !list.isWhole) return assessment;
  if (!mayHaveUnsaidPages(shown, options, lore)) return assessment;
  return assessProbe(doubted, await probeNextPage(server, doubted), assessment);
}

function assessProbe(
  { list: { received }, limit }: { list: MemoryList; limit: number },
  finding: ProbeResult,
  assessment: TruncationAssessment,
): TruncationAssessment {
  if (finding.kind === "whole") return { kind: "complete" };
  if (finding.kind === "nothing") return assessment;
  const reason = `${plural(received, "memory", "memories")} came for a limit of ${limit}, and the server has more on a next page; set paging to "${finding.paging}"`;
  return { kind: "truncated", reason };
}

/** If the request for everything has the same total and shows all of it, the total counts everything, whatever the range. */
async function resolveTotal(
  listing: Listing,
  list: MemoryList,
  limit: number,
  doubt: TruncationAssessment,
): Promise<TruncationAssessment> {
  const total = Math.max(list.clues.total?.value ?? 0, list.clues.size?.value ?? 0);
  const enough = Math.min(listing.options.maxLimit, Math.max(limit, total + 1));
  const all = await attempt(() => listing.server.ask({ range: "all", limit: enough }));
  if (all === null || all.received < total) return doubt;
  listing.lore = { ...listing.lore, totalOfAll: true };
  return assessEnd(shownList(listing, limit, list, null), listing.options, listing.lore);
}

/** A range, and an answer for it that shows what a wider one lacks. */
interface Contradiction {
  range: QueryRange;
  answer: MemoryList;
}

/** A list that looks whole. */
interface BelievedList {
  range: QueryRange;
  limit: number;
  /** The keys of everything that it has shown. */
  keys: { has(key: string): boolean };
  /** Milliseconds since the epoch. Younger memories may be newer than the list. */
  startedAt: number;
}

/**
 * Whether a narrower range shows a memory that the list lacks. A range holds all narrower ones, so such a list is not whole. For
 * lists that are not sorted from new to old, since they may lack new memories at their end: the narrowest range that shows any
 * shows the newest.
 */
export async function probeNarrower(
  server: ListingServer,
  list: BelievedList,
): Promise<Contradiction | null> {
  for (const range of narrowerRanges(list.range)) {
    const answer = await attempt(() => server.ask({ range, limit: list.limit }));
    if (answer === null || answer.received === 0) continue;
    return answer.memories.some((memory) => isHidden(memory, list)) ? { range, answer } : null;
  }
  return null;
}

function isHidden({ id, createdAt }: Memory, { keys, startedAt }: BelievedList): boolean {
  return !keys.has(id) && Date.parse(createdAt) < startedAt;
}
