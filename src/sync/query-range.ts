import type { ListScope } from "../sources/memory-source.ts";

/** How far back a listing reaches, by `query_range`. `day` is the last 24 h, `week` 7 days, `month` 30 days. */
export type QueryRange = Exclude<(typeof queryRanges)[number], "auto">;

/** All values of `query_range`. */
export const queryRanges = ["day", "week", "month", "all", "auto"] as const;

/** What a listing covers: one of the ranges, or the changes since the last one, which prove no absence. */
export type Coverage = QueryRange | "changes";

const hour = 3_600_000;
const day = 24 * hour;

/**
 * How far a range reaches back, and how much of that is kept as overlap: a memory recorded offline appears at the source later than
 * its own time, and the clocks of both sides differ. Overlap costs no request to LightRAG. Narrowest first.
 */
export const rangeReach: readonly { range: QueryRange; spanMs: number; overlapMs: number }[] = [
  { range: "day", spanMs: day, overlapMs: 6 * hour },
  { range: "week", spanMs: 7 * day, overlapMs: day },
  { range: "month", spanMs: 30 * day, overlapMs: 3 * day },
  { range: "all", spanMs: Number.POSITIVE_INFINITY, overlapMs: 0 },
];

/** A watermark up to this far ahead is explained by the difference of two clocks; further ahead, our clock was set back. */
const clockSkewMs = hour;

/**
 * The range to request in this run.
 * - `auto` takes the narrowest range that covers the time since the watermark with its overlap; `all` without a watermark.
 * - A fixed range is as configured, widened for this run when the gap is longer than the range.
 * - A watermark in the future means that the clock was set back by an unknown time: `all`.
 *
 * @param watermark the time up to which the source is completely known, or null on the first run. Milliseconds since the epoch.
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
 * The time since which a listing that began at `startedAt` certainly shows every memory of the source; -Infinity for `all`. The
 * source counts back from its own clock, at a slightly later time. A feed of changes covers nothing.
 */
export function coveredSince(range: Coverage, startedAt: number): number {
  if (range === "changes") return Number.POSITIVE_INFINITY;
  const { spanMs } = rangeReach[position(range)] ?? { spanMs: 0 };
  return startedAt - spanMs + clockSkewMs;
}

/** The scope of a range now. */
export function scopeOf(range: QueryRange, now: number): ListScope {
  const { spanMs } = rangeReach[position(range)] ?? { spanMs: Number.POSITIVE_INFINITY };
  return Number.isFinite(spanMs) ? { kind: "events", since: now - spanMs } : { kind: "everything" };
}

/** The wider ranges, the next one first. */
export function widerRanges(range: QueryRange): QueryRange[] {
  return rangeReach.slice(position(range) + 1).map((reach) => reach.range);
}

/** Whether a memory of this time is older than a fixed range reaches; with `auto` none is. Milliseconds since the epoch. */
export function liesOutside(configured: QueryRange | "auto", at: number, now: number): boolean {
  return configured !== "auto" && now - at > (rangeReach[position(configured)]?.spanMs ?? 0);
}

/** How far back a range certainly reaches. Milliseconds. */
export function reachOf(range: QueryRange): number {
  return (rangeReach[position(range)]?.spanMs ?? 0) - clockSkewMs;
}

/** The narrowest range that certainly shows a memory of this time. */
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
