import { monthNames, weekdayNames } from "../kernel/util/calendar-names.ts";

/**
 * An RFC 3339 time as people read it, in UTC: `Thursday, 18 May 2023, 13:47:05 UTC`.
 */
export function readableUtc(rfc3339: string): string {
  return `${readableClock(Date.parse(rfc3339))} UTC`;
}

/**
 * `Thursday, 18 May 2023, 13:47:05`: what a calendar and a clock show that are set to UTC.
 * Written out here because `Intl` output changes between ICU releases, and the same memory must give the same bytes.
 */
export function readableClock(epochMs: number): string {
  const { weekday, day, month, year, time } = clockParts(epochMs);
  return `${weekday}, ${day} ${month} ${year}, ${time}`;
}

/** The parts of `readableClock`, for other arrangements of them. */
export function clockParts(epochMs: number) {
  const date = new Date(epochMs);
  return {
    weekday: weekdayNames[date.getUTCDay()] ?? "",
    day: date.getUTCDate(),
    month: monthNames[date.getUTCMonth()] ?? "",
    year: date.getUTCFullYear(),
    hour: date.getUTCHours(),
    time: date.toISOString().slice(-13, -5),
    date: date.toISOString().slice(0, -14),
  };
}
