import { offsetSecondsAt } from "../../kernel/util/time-zone.ts";
import { type TimeSpan, timeUnitMs } from "../../state/memory-query.ts";

export const periodLengths = ["day", "week", "month"] as const;
export type PeriodLength = (typeof periodLengths)[number];

/** A day, an ISO week or a month of a time zone's calendar. */
export interface Period extends TimeSpan {
  /** `2025-01-31`, `2025-W05` or `2025-01`. */
  name: string;
}

const dayMs = 86_400_000;

/**
 * The period of a time unit, decided by the unit's middle: historical local mean times are not a multiple of a unit away from UTC,
 * so period starts are rounded to the nearest unit. The time zone has to be known to this machine.
 */
export function periodAt(unit: number, length: PeriodLength, timeZone: string): Period {
  const middle = unit + timeUnitMs / 2;
  const day = Math.floor((middle + offsetMs(middle, timeZone)) / dayMs);
  const first = firstDay[length](day);
  const from = beginOfDay(first, timeZone);
  const to = beginOfDay(dayBehind[length](first), timeZone);
  return {
    name: nameOf[length](first),
    from: Math.min(inTime(from), unit),
    to: Math.max(inTime(to), unit + timeUnitMs),
  };
}

/** Days since the epoch, which was a Thursday. */
const mondayOf = (day: number) => day - ((((day + 3) % 7) + 7) % 7);
const dateOf = (day: number) => new Date(inTime(day * dayMs));

/** The first day of the month `months` later. */
function monthOf(day: number, months: number): number {
  const date = dateOf(day);
  const first = date.setUTCMonth(date.getUTCMonth() + months, 1);
  return (Number.isNaN(first) ? lastMs : first) / dayMs;
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

const isoDate = (day: number) => String(dateOf(day).toISOString().split("T")[0]);

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
 * The first instant whose local date is this or a later one, rounded to the nearest unit: clocks may skip midnight or repeat it.
 */
function beginOfDay(day: number, timeZone: string): number {
  const local = day * dayMs;
  const offsets = [local - dayMs, local + dayMs].map((about) => offsetMs(about, timeZone));
  const earlier = local - Math.max(...offsets);
  const isThere = earlier + offsetMs(earlier, timeZone) >= local;
  const begin = isThere ? earlier : local - Math.min(...offsets);
  return Math.round(begin / timeUnitMs) * timeUnitMs;
}

function offsetMs(epochMs: number, timeZone: string): number {
  return timeZone === "UTC" ? 0 : offsetSecondsAt(inTime(epochMs), timeZone) * 1000;
}
