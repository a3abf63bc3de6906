import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import type { QueryRange } from "./listing-lore.ts";
import type { ListingServer } from "./listing-work.ts";
import { widerRanges } from "./query-range.ts";

/** A list that ends below its limit. */
interface ShownAnswer {
  range: QueryRange;
  limit: number;
  list: MemoryList;
}

/** A list of a suspicious length. */
interface SuspectList extends ShownAnswer {
  /** The longest answer that the server has given before; 0 when its cap may be newer than that. */
  largestBefore: number;
}

/** What probes show: the list is whole, it is cut off (and how the server pages), or nothing. */
export type ProbeResult =
  | { kind: "whole" }
  | { kind: "cut"; paging: "offset" | "page" }
  | { kind: "nothing" };

const whole = { kind: "whole" } as const;
const nothing = { kind: "nothing" } as const;

/**
 * Probes whether a list of a suspicious length ends there. A longer answer disproves the cap: for a wider range, or with one item
 * more. The next page shows the rest, or that there is none; a server that does not know the parameter repeats the list, which
 * proves nothing.
 */
export async function probeFurther(server: ListingServer, doubted: SuspectList): Promise<ProbeResult> {
  const finding = await widerRange(server, doubted);
  return finding.kind === "nothing" ? probeNextPage(server, doubted) : finding;
}

/** The same for a list whose length is no evidence, by the next page alone. */
export async function probeNextPage(server: ListingServer, shown: ShownAnswer): Promise<ProbeResult> {
  const finding = await byOffset(server, shown);
  return finding.kind === "nothing" ? byPage(server, shown) : finding;
}

async function widerRange(server: ListingServer, doubted: SuspectList): Promise<ProbeResult> {
  const { range, limit, list } = doubted;
  if (doubted.largestBefore > list.received) return whole;
  for (const wider of widerRanges(range)) {
    const answer = await attempt(() => server.ask({ range: wider, limit }));
    if (answer !== null && answer.received > list.received) return whole;
  }
  return nothing;
}

/** Asks from the last item on: a server that supports offsets shows that one first. */
async function byOffset(server: ListingServer, { range, limit, list }: ShownAnswer): Promise<ProbeResult> {
  const offset = list.received - 1;
  const rest = await attempt(() => server.ask({ range, limit, position: { offset } }));
  if (rest === null || rest.keys[0] !== list.keys.at(-1) || list.received < 2) return nothing;
  return rest.received === 1 ? whole : { kind: "cut", paging: "offset" };
}

/** Pages are counted from 1 or from 0: one of the two has to repeat the list before the next one is believed. */
async function byPage(server: ListingServer, { range, limit, list }: ShownAnswer): Promise<ProbeResult> {
  const ask = (page: number) => attempt(() => server.ask({ range, limit, position: { page } }));
  const first = await ask(1);
  if (first === null) return nothing;
  if (isSame(first, list)) return endOrCut(await ask(2), list);
  const zeroth = await ask(0);
  return zeroth !== null && isSame(zeroth, list) ? endOrCut(first, list) : nothing;
}

function endOrCut(next: MemoryList | null, list: MemoryList): ProbeResult {
  if (next === null || isSame(next, list)) return nothing;
  if (next.received === 0) return whole;
  const known = new Set(list.keys);
  return next.keys.some((key) => !known.has(key)) ? { kind: "cut", paging: "page" } : nothing;
}

function isSame(a: MemoryList, b: MemoryList): boolean {
  return a.received === b.received && a.keys[0] === b.keys[0] && a.keys.at(-1) === b.keys.at(-1);
}

/** Errors of a server that cannot handle a larger or unusual request. */
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

/** Resolves with null when there is no answer, which proves nothing. */
export async function attempt(ask: () => Promise<MemoryList>): Promise<MemoryList | null> {
  try {
    return await ask();
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  }
}

/** A probe that fails with such an error proves nothing. */
export function isNoAnswer(error: unknown): boolean {
  return (
    isTooMuchAsked(error) ||
    isConnectorError(error, "SOURCE_CONTEXT_NOT_FOUND") ||
    isConnectorError(error, "SOURCE_BREAKER_OPEN")
  );
}
