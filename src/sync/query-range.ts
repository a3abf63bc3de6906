import type { ListScope } from "../sources/memory-source.ts";

/** How far back a listing reaches, as `query_range` says it. `day` is the last 24 h, `week` 7 days, `month` 30 days. */
export type QueryRange = Exclude<(typeof queryRanges)[number], "auto">;

/** Everything that `query_range` may say. */
export const queryRanges = ["day", "week", "month", "all", "auto"] as const;

/** What a reading covers: one of the ranges, or what has changed since the last one, which says nothing about absence. */
export type Coverage = QueryRange | "changes";

const hour = 3_600_000;
const day = 24 * hour;

/**
 * How far a range reaches back, and how much of that is kept as overlap: a memory recorded offline appears at the source
 * later than its own time says, and the clocks of both sides differ. Overlap costs no request to LightRAG.
 * Narrowest first.
 */
export const rangeReach: readonly { range: QueryRange; spanMs: number; overlapMs: number }[] = [
  { range: "day", spanMs: day, overlapMs: 6 * hour },
  { range: "week", spanMs: 7 * day, overlapMs: day },
  { range: "month", spanMs: 30 * day, overlapMs: 3 * day },
  { range: "all", spanMs: Number.POSITIVE_INFINITY, overlapMs: 0 },
];

/** A watermark this far ahead is a difference between two clocks; further ahead, our clock was set back. */
const clockSkewMs = hour;

/**
 * The range to ask for in this run.
 * - `auto` takes the narrowest range that covers the time since the watermark with its overlap; `all` without a watermark.
 * - A fixed range is what the person set, widened for this run when the gap is longer than it covers.
 * - A watermark in the future means that the clock was set back by an unknown time: `all`.
 *
 * @param watermark up to when the source is known completely, or null on the first run. Milliseconds since the epoch.
 */
export function chooseRange(
  configured: QueryRange | "auto",
  watermark: number | null,
  now: number,
): QueryRange {
  if (watermark === null) return configured === "auto" ? "all" : configured;
  const needed = rangeSince(watermark, now);
  return configured === "auto" ? needed : wider(configured, needed);
}

/**
 * The moment since which a listing that began at `startedAt` is certain to show every memory that the source holds; -Infinity for
 * `all`. The source counts back from its own clock, a little later than ours. A feed of changes covers nothing.
 */
export function coveredSince(range: Coverage, startedAt: number): number {
  if (range === "changes") return Number.POSITIVE_INFINITY;
  const { spanMs } = rangeReach[position(range)] ?? { spanMs: 0 };
  return startedAt - spanMs + clockSkewMs;
}

/** What to ask the source for now, in a range. */
export function scopeOf(range: QueryRange, now: number): ListScope {
  const { spanMs } = rangeReach[position(range)] ?? { spanMs: Number.POSITIVE_INFINITY };
  return Number.isFinite(spanMs) ? { kind: "events", since: now - spanMs } : { kind: "everything" };
}

/** The ranges that reach further back than this one, the next one first. */
export function widerRanges(range: QueryRange): QueryRange[] {
  return rangeReach.slice(position(range) + 1).map((reach) => reach.range);
}

/** Whether a memory of this time is older than a fixed range reaches; with `auto` none is. Milliseconds since the epoch. */
export function liesOutside(configured: QueryRange | "auto", at: number, now: number): boolean {
  return configured !== "auto" && now - at > (rangeReach[position(configured)]?.spanMs ?? 0);
}

/** How far back a range is certain to reach. Milliseconds. */
export function reachOf(range: QueryRange): number {
  return (rangeReach[position(range)]?.spanMs ?? 0) - clockSkewMs;
}

/** The narrowest range that is certain to show a memory of this time. */
export function narrowestFor(at: number, now: number): QueryRange {
  return rangeReach.find(({ range }) => now - at < reachOf(range))?.range ?? "all";
}

function rangeSince(watermark: number, now: number): QueryRange {
  const gapMs = now - watermark;
  if (Number.isNaN(gapMs) || gapMs < -clockSkewMs) return "all";
  return rangeReach.find((reach) => gapMs <= reach.spanMs - reach.overlapMs)?.range ?? "all";
}

function wider(a: QueryRange, b: QueryRange): QueryRange {
  return position(a) >= position(b) ? a : b;
}

function position(range: QueryRange): number {
  return rangeReach.findIndex((reach) => reach.range === range);
}
