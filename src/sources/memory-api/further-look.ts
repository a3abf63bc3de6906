import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { QueryRange } from "./listing-lore.ts";
import type { ListingServer } from "./listing-server.ts";
import type { MemoryList } from "./memory-list.ts";
import { widerRanges } from "./query-range.ts";

/** A list that ends below its limit. */
interface ShownAnswer {
  range: QueryRange;
  limit: number;
  list: MemoryList;
}

/** One of a suspicious length. */
interface DoubtedList extends ShownAnswer {
  /** Longer answers that the server has given before. None where it may have been given its cap since. */
  largestBefore: number;
}

/** What further looks say: the list is whole, it is cut off (and how the server pages), or nothing. */
export type Finding = { kind: "whole" } | { kind: "cut"; paging: "offset" | "page" } | { kind: "nothing" };

const whole = { kind: "whole" } as const;
const nothing = { kind: "nothing" } as const;

/**
 * Whether a list of a suspicious length ends there. An answer that is longer disproves the cap: a wider range, or one item more. A page further shows the
 * rest, or that there is none; a server that does not know the parameter repeats the list, which tells nothing.
 */
export async function lookFurther(server: ListingServer, doubted: DoubtedList): Promise<Finding> {
  const finding = await widerRange(server, doubted);
  return finding.kind === "nothing" ? lookBehind(server, doubted) : finding;
}

/** The same of a list whose length tells nothing, by a page further alone. */
export async function lookBehind(server: ListingServer, shown: ShownAnswer): Promise<Finding> {
  const finding = await byOffset(server, shown);
  return finding.kind === "nothing" ? byPage(server, shown) : finding;
}

async function widerRange(server: ListingServer, doubted: DoubtedList): Promise<Finding> {
  const { range, limit, list } = doubted;
  if (doubted.largestBefore > list.received) return whole;
  for (const wider of widerRanges(range)) {
    const answer = await attempt(() => server.ask({ range: wider, limit }));
    if (answer !== null && answer.received > list.received) return whole;
  }
  return nothing;
}

/** From the last item on: a server that leaves items out shows that one first. */
async function byOffset(server: ListingServer, { range, limit, list }: ShownAnswer): Promise<Finding> {
  const offset = list.received - 1;
  const rest = await attempt(() => server.ask({ range, limit, position: { offset } }));
  if (rest === null || rest.keys[0] !== list.keys.at(-1) || list.received < 2) return nothing;
  return rest.received === 1 ? whole : { kind: "cut", paging: "offset" };
}

/** Pages count from 1 or from 0: one of the two has to be the list again before the next one is believed. */
async function byPage(server: ListingServer, { range, limit, list }: ShownAnswer): Promise<Finding> {
  const ask = (page: number) => attempt(() => server.ask({ range, limit, position: { page } }));
  const first = await ask(1);
  if (first === null) return nothing;
  if (isSame(first, list)) return endOrCut(await ask(2), list);
  const zeroth = await ask(0);
  return zeroth !== null && isSame(zeroth, list) ? endOrCut(first, list) : nothing;
}

function endOrCut(next: MemoryList | null, list: MemoryList): Finding {
  if (next === null || isSame(next, list)) return nothing;
  if (next.received === 0) return whole;
  const known = new Set(list.keys);
  return next.keys.some((key) => !known.has(key)) ? { kind: "cut", paging: "page" } : nothing;
}

function isSame(a: MemoryList, b: MemoryList): boolean {
  return a.received === b.received && a.keys[0] === b.keys[0] && a.keys.at(-1) === b.keys.at(-1);
}

/** What a larger or stranger question may end with when the server cannot cope with it. */
const tooMuchAsked: readonly ErrorCode[] = [
  "SOURCE_REFUSED",
  "SOURCE_ANSWER_TOO_LARGE",
  "SOURCE_BAD_ANSWER",
  "SOURCE_TIMEOUT",
  "SOURCE_UNAVAILABLE",
  "SOURCE_UNREACHABLE",
];

export function isTooMuchAsked(error: unknown): error is ConnectorError {
  return isConnectorError(error) && tooMuchAsked.includes(error.code);
}

/** Null for no answer, which proves nothing. */
export async function attempt(ask: () => Promise<MemoryList>): Promise<MemoryList | null> {
  try {
    return await ask();
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  }
}

/** A further look that fails so tells nothing. */
export function isNoAnswer(error: unknown): boolean {
  return (
    isTooMuchAsked(error) ||
    isConnectorError(error, "SOURCE_CONTEXT_NOT_FOUND") ||
    isConnectorError(error, "SOURCE_BREAKER_OPEN")
  );
}
