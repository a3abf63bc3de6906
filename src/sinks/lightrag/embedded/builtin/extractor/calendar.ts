import { monthNames } from "../../../../../kernel/util/calendar.ts";

/** Calendar arithmetic on days, in UTC. A day is a `Date` at any time of that day. */

const dayMs = 86_400_000;

export function addDays(day: Date, days: number): Date {
  return new Date(day.getTime() + days * dayMs);
}

/** The same day of another month, or its last day if it is shorter. */
export function addMonths(day: Date, count: number): Date {
  const first = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + count, 1, 12));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return addDays(first, Math.min(day.getUTCDate(), length) - 1);
}

/** The next day, this one excluded, that is the given weekday (0 is Sunday); the one before with a negative direction. */
export function nearestWeekday(day: Date, weekday: number, direction: 1 | -1): Date {
  const distance = (direction * (weekday - day.getUTCDay()) + 7) % 7 || 7;
  return addDays(day, direction * distance);
}

/** The Monday of the day's week. */
export function mondayOf(day: Date): Date {
  return addDays(day, -((day.getUTCDay() + 6) % 7));
}

/** `7 May 2023` */
export function dayName(day: Date): string {
  return `${day.getUTCDate()} ${monthName(day)}`;
}

/** `May 2023` */
export function monthName(day: Date): string {
  return `${monthNames[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}
