import type { ListScope } from "../memory-source.ts";
import type { QueryRange } from "./listing-lore.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** How far a range reaches back. Source: the `range` parameter of the Memory API; narrowest first. */
const rangeReach: readonly { range: QueryRange; spanMs: number }[] = [
  { range: "day", spanMs: day },
  { range: "week", spanMs: 7 * day },
  { range: "month", spanMs: 30 * day },
  { range: "all", spanMs: Number.POSITIVE_INFINITY },
];

/** Tolerated difference between the server's clock and ours. */
const clockSkewMs = hour;
/**
 * The narrowest range that shows what a scope asks for, except for the hour at its beginning. The Memory API cannot list changes.
 */
export function rangeOfScope(scope: ListScope, now: number): QueryRange {
  if (scope.kind !== "events") return "all";
  return rangeReach.find(({ spanMs }) => now - scope.since <= spanMs + clockSkewMs / 2)?.range ?? "all";
}

/**
 * The time since which a listing that began at `startedAt` certainly shows every memory of the source; -Infinity for `all`. The
 * source counts back from its own clock, at a slightly later time.
 */
export function coveredSince(range: QueryRange, startedAt: number): number {
  const { spanMs } = rangeReach[position(range)] ?? { spanMs: 0 };
  return startedAt - spanMs + clockSkewMs;
}

/**
 * The narrowest range in which a listing that began at `startedAt` may show a memory of this time; the narrowest of all without a
 * time. Milliseconds since the epoch.
 */
export function rangeThatHolds(at: number | null, startedAt: number): QueryRange {
  if (at === null) return "day";
  return rangeReach.find(({ spanMs }) => at >= startedAt - spanMs - clockSkewMs)?.range ?? "all";
}

/** The wider ranges, the next one first. */
export function widerRanges(range: QueryRange): QueryRange[] {
  return rangeReach.slice(position(range) + 1).map((reach) => reach.range);
}

/** The narrower ranges, the narrowest first. */
export function narrowerRanges(range: QueryRange): QueryRange[] {
  return rangeReach.slice(0, position(range)).map((reach) => reach.range);
}

function position(range: QueryRange): number {
  return rangeReach.findIndex((reach) => reach.range === range);
}
