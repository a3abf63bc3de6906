/**
 * Whether a listing shows everything, judged from what was asked and what came.
 *
 * The Memory API hides what lies beyond `limit`, and servers cap the limit silently. So a full page is an alarm: it is
 * asked for again with a larger limit. An answer below its limit is complete, unless it has the size of a cap, seen in
 * the field or on this very listing: then nothing in the answer tells a capped list from one that happens to be so long.
 */

/** What the person knows of the server's own cap on `limit`. */
export type ServerCap = number | "none" | "unknown";

export interface ListingLimits {
  /** No request asks for more than this. */
  maxLimit: number;
  /** `none`: the server never shows fewer than asked for and there. A number: it never shows more than that. */
  serverCap: ServerCap;
}

/** One question and the size of its answer. */
export interface Probe {
  limit: number;
  received: number;
  /** The answer's `count`, or null. */
  declared: number | null;
}

export type Verdict =
  | { kind: "complete" }
  /** Full: the same question with a larger limit tells more. */
  | { kind: "ask-larger"; limit: number }
  /** It cannot be told from this answer; something else may prove that the server shows more than this. */
  | { kind: "doubtful"; reason: string }
  | { kind: "truncated"; reason: string };

/** Caps that Memory API servers are known to have (OpenAPI document, "seen in the field"). */
const knownCaps = new Set([100, 500, 1000]);
const growth = 10;

/** @param before the answer to the next smaller limit, which was full; null for the first question. */
export function judge(probe: Probe, before: Probe | null, limits: ListingLimits): Verdict {
  const { serverCap } = limits;
  if (isFull(probe, serverCap)) return judgeFull(probe, limits);
  if (serverCap === "none") return { kind: "complete" };
  const { declared, received } = probe;
  if (declared !== null && declared > received) {
    const reason = `the server counts ${declared} memories and shows ${received}; set server_cap to "none" if its count means something else`;
    return { kind: "truncated", reason };
  }
  return serverCap === "unknown" && looksCapped(probe, before) ? doubtful(probe) : { kind: "complete" };
}

function isFull({ limit, received }: Probe, serverCap: ServerCap): boolean {
  return received >= (typeof serverCap === "number" ? Math.min(limit, serverCap) : limit);
}

function judgeFull({ limit, received }: Probe, { maxLimit, serverCap }: ListingLimits): Verdict {
  if (typeof serverCap === "number" && limit >= serverCap) {
    const reason = `${received} memories came, which is all that the server's cap (server_cap: ${serverCap}) lets through; set paging if the server has it, or narrow query_range`;
    return { kind: "truncated", reason };
  }
  if (limit >= maxLimit) {
    const reason = `${received} memories came for a limit of ${limit}; raise max_limit, or set paging if the server has it`;
    return { kind: "truncated", reason };
  }
  const ceiling = typeof serverCap === "number" ? Math.min(maxLimit, serverCap) : maxLimit;
  return { kind: "ask-larger", limit: Math.min(ceiling, limit * growth) };
}

function looksCapped({ received }: Probe, before: Probe | null): boolean {
  return knownCaps.has(received) || before?.limit === received;
}

function doubtful({ limit, received }: Probe): Verdict {
  const reason = `${received} memories came for a limit of ${limit}, the size of a server's cap; set server_cap to ${received} if it is one, or to "none" if the server has none`;
  return { kind: "doubtful", reason };
}
