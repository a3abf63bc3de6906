import { offsetSecondsAt } from "../../kernel/util/time-zone.ts";
import { type TimeSpan, timeUnitMs } from "../../state/memory-query.ts";

export const periodLengths = ["day", "week", "month"] as const;
export type PeriodLength = (typeof periodLengths)[number];

/** A day, an ISO week or a month of a time zone's calendar. */
export interface Period extends TimeSpan {
  /** `2025-01-31`, `2025-W05` or `2025-01`. */
  name: string;
  /** Its first and its last day, since the epoch. */
  first: number;
  last: number;
}

const dayMs = 86_400_000;

/** The period that holds a time unit. The time zone has to be known to this machine. */
export function periodAt(unit: number, length: PeriodLength, timeZone: string): Period {
  return periodOf(dayAt(unit, timeZone), length, timeZone);
}

/** The period that holds a day. */
export function periodOf(day: number, length: PeriodLength, timeZone: string): Period {
  const first = firstDay[length](day);
  const behind = dayBehind[length](first);
  const from = inTime(beginOfDay(first, timeZone));
  const to = inTime(beginOfDay(behind, timeZone));
  return { name: nameOf[length](first), first, last: behind - 1, from, to };
}

/** The day that holds a time unit: days begin with units, so that each instant is in one of them, whatever the clocks do. */
export function dayAt(unit: number, timeZone: string): number {
  let day = Math.floor(unit / dayMs);
  while (beginOfDay(day, timeZone) > unit) day -= 1;
  while (beginOfDay(day + 1, timeZone) <= unit) day += 1;
  return day;
}

/** Days since the epoch, which was a Thursday. */
const mondayOf = (day: number) => day - ((((day + 3) % 7) + 7) % 7);
const dateOf = (day: number) => new Date(inTime(day * dayMs));

/** The first day of the month `months` later. */
function monthOf(day: number, months: number): number {
  const date = dateOf(day);
  const first = date.setUTCMonth(date.getUTCMonth() + months, 1);
  return Number.isNaN(first) ? lastMs / dayMs + 1 : first / dayMs;
}

function newYearOf(day: number): number {
  return dateOf(day).setUTCMonth(0, 1) / dayMs;
}

/** `Date` has a limited range. */
const lastMs = 8_640_000_000_000_000;
const inTime = (epochMs: number) => Math.min(lastMs, Math.max(-lastMs, epochMs));

const firstDay: Readonly<Record<PeriodLength, (day: number) => number>> = {
  day: (day) => day,
  week: mondayOf,
  month: (day) => monthOf(day, 0),
};

const dayBehind: Readonly<Record<PeriodLength, (first: number) => number>> = {
  day: (first) => first + 1,
  week: (first) => first + 7,
  month: (first) => monthOf(first, 1),
};

/** `2025-01-31` */
export const isoDate = (day: number) => String(dateOf(day).toISOString().split("T")[0]);

const nameOf: Readonly<Record<PeriodLength, (first: number) => string>> = {
  day: isoDate,
  week: (monday) => {
    // A week belongs to the year of its Thursday.
    const thursday = monday + 3;
    const [year] = isoDate(thursday).split(/(?<=\d)-/u);
    const week = Math.floor((thursday - newYearOf(thursday)) / 7) + 1;
    return `${year}-W${String(week).padStart(2, "0")}`;
  },
  month: (first) => isoDate(first).slice(0, -3),
};

/**
 * The first instant whose local date is this or a later one, rounded to the nearest unit: clocks may skip midnight or repeat it, and
 * historical local mean times are not a multiple of a unit away from UTC. Milliseconds since the epoch.
 */
export function beginOfDay(day: number, timeZone: string): number {
  if (timeZone === "UTC") return day * dayMs;
  const known = begins.get(timeZone) ?? new Map<number, number>();
  begins.set(timeZone, known);
  const begin = known.get(day) ?? lookUpBegin(day, timeZone);
  if (known.size >= mostBegins) known.clear();
  known.set(day, begin);
  return begin;
}

/** Offsets are asked of `Intl`, which takes microseconds; a timeline asks for each of its days several times. */
const begins = new Map<string, Map<number, number>>();
const mostBegins = 5000;

function lookUpBegin(day: number, timeZone: string): number {
  const local = day * dayMs;
  const offsets = [local - dayMs, local + dayMs].map((about) => offsetMs(about, timeZone));
  const earlier = local - Math.max(...offsets);
  const isThere = earlier + offsetMs(earlier, timeZone) >= local;
  const begin = isThere ? earlier : local - Math.min(...offsets);
  return Math.round(begin / timeUnitMs) * timeUnitMs;
}

/** A moment as the clocks of a zone show it: RFC 3339 with their offset. */
export function localTimeText(epochMs: number, timeZone: string): string {
  const offset = Math.round(offsetMs(epochMs, timeZone) / 60_000);
  const shown = new Date(inTime(epochMs + offset * 60_000)).toISOString().replace(/(?:\.000)?Z$/u, "");
  if (offset === 0) return `${shown}Z`;
  const two = (count: number) => String(Math.trunc(count)).padStart(2, "0");
  const size = Math.abs(offset);
  return `${shown}${offset < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

function offsetMs(epochMs: number, timeZone: string): number {
  return timeZone === "UTC" ? 0 : offsetSecondsAt(inTime(epochMs), timeZone) * 1000;
}
