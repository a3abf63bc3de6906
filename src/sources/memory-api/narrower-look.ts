import type { Memory } from "../../domain/memory.ts";
import { attempt } from "./further-look.ts";
import type { QueryRange } from "./listing-lore.ts";
import type { ListingServer } from "./listing-server.ts";
import type { MemoryList } from "./memory-list.ts";
import { narrowerRanges } from "./query-range.ts";

/** A range, and an answer for it that has what a wider one lacks. */
export interface Contradiction {
  range: QueryRange;
  answer: MemoryList;
}

/** A list that looks whole. */
export interface BelievedList {
  range: QueryRange;
  limit: number;
  /** Of everything that it has shown. */
  keys: { has(key: string): boolean };
  /** Milliseconds since the epoch. What is younger may have come since. */
  startedAt: number;
}

/**
 * Whether a narrower range shows a memory that the list lacks. A range holds all narrower ones, so such a list is not whole.
 * For a list that does not run from new to old, for it may have lost new memories at its end: the narrowest range that shows any shows the newest.
 */
export async function lookNarrower(server: ListingServer, list: BelievedList): Promise<Contradiction | null> {
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

/** Whether no memory of a list is older than its last one. */
export function isNewestFirst(memories: readonly Memory[]): boolean {
  const last = Date.parse(memories.at(-1)?.createdAt ?? "");
  return memories.every(({ createdAt }) => !(Date.parse(createdAt) < last));
}
