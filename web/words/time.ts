import { dayIn, formatIn, textIn } from "./zone.ts";

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const monthMs = 30.44 * dayMs;
const yearMs = 365.25 * dayMs;

const clock = { hour: "2-digit", minute: "2-digit" } as const;
const date = { day: "numeric", month: "short" } as const;
const dateOfYear = { day: "numeric", month: "short", year: "numeric" } as const;
const longDay = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
const full = { dateStyle: "medium", timeStyle: "medium" } as const;

/**
 * `14:05` today, `18 Sept, 14:05` this year, `18 Sept 2024` in another one: as short as it can be and still be clear. In the time zone of
 * the browser, unless another is named; so are all below.
 */
export function moment(at: string | number, now: number, zone?: string): string {
  const when = new Date(at);
  const [day, today] = [dayIn(at, zone), dayIn(now, zone)];
  if (day === today) return timeOfDay(at, zone);
  if (yearOf(day) !== yearOf(today)) return textIn(zone, dateOfYear, when);
  return `${formatIn(zone, date).format(when)}, ${timeOfDay(at, zone)}`;
}

const yearOf = (day: string): string => day.slice(0, -6);

/** `14:05` */
export const timeOfDay = (at: string | number, zone?: string): string =>
  formatIn(zone, clock).format(new Date(at));

/** `Today, Sunday 21 September 2025` */
export function day(at: string | number, now: number): string {
  const text = textIn(undefined, longDay, new Date(at));
  return dayIn(at) === dayIn(now) ? `Today, ${text}` : text;
}

/** `5 Sept 2025` of `2025-09-05`; what is no day, as it is. */
export function dateText(text: string): string {
  const day = dayOf(text);
  return day === null ? text : textIn("UTC", dateOfYear, day);
}

/** Whether the calendar has the day that a text begins with, be it a day or a time: `2026-02-30` is none. Any other text says no day. */
export function isInCalendar(text: string): boolean {
  const [, day] = /^\s*(\d{4}-\d\d-\d\d)/u.exec(text) ?? [];
  return day === undefined || dayOf(day) !== null;
}

/** Its midnight in UTC; null for what is no day. `Date` turns 30 February into 2 March. */
function dayOf(text: string): Date | null {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : null;
}

/** A time as programs write it, but for one that is quoted, which somebody else has written, and one that shows how to write it. */
const instant = /(?<!["“'=\w]|such as )(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)/u;

/** A text of the service in parts: every second one is a time that it tells. */
export const betweenTimes = (text: string): string[] => text.split(instant);

/** With seconds, for a title. */
export const exactly = (at: string | number, zone?: string): string => textIn(zone, full, new Date(at));

/** The same in a time zone, which it names: `18 Sept 2024, 14:05:09 (Europe/Lisbon)`. */
export const exactlyIn = (at: string | number, zone: string): string => `${exactly(at, zone)} (${zone})`;

/** `6 s`, `1 min 3 s`, `3 h 42 min`, `2 days`, `7 months`, `3 years`. Never negative. */
export function duration(ms: number): string {
  const [big, small] = partsOf(Math.max(0, ms));
  return small === "" ? big : `${big} ${small}`;
}

/** `about 15 min` */
export function roughly(ms: number): string {
  return `about ${partsOf(Math.max(0, ms))[0]}`;
}

function partsOf(ms: number): [string, string] {
  if (ms < 10 * secondMs) return [`${Math.round(ms / 100) / 10} s`, ""];
  if (ms < minuteMs) return [`${Math.round(ms / secondMs)} s`, ""];
  if (ms < hourMs) return pair(ms, minuteMs, "min", secondMs, "s");
  if (ms < dayMs) return pair(ms, hourMs, "h", minuteMs, "min");
  if (ms < 60 * dayMs) return whole(ms / dayMs, "day");
  return ms < 24 * monthMs ? whole(ms / monthMs, "month") : whole(ms / yearMs, "year");
}

function whole(value: number, unit: string): [string, string] {
  const rounded = Math.round(value);
  return [`${rounded} ${unit}${rounded === 1 ? "" : "s"}`, ""];
}

function pair(ms: number, unit: number, name: string, part: number, partName: string): [string, string] {
  const whole = Math.floor(ms / unit);
  const rest = Math.floor((ms % unit) / part);
  return [`${whole} ${name}`, rest === 0 ? "" : `${rest} ${partName}`];
}

/** `in 18 min`, `3 min ago`, `now` */
export function fromNow(at: string | number, now: number): string {
  const ms = new Date(at).getTime() - now;
  if (Math.abs(ms) < 5 * secondMs) return "now";
  const [text] = partsOf(Math.abs(ms));
  return ms > 0 ? `in ${text}` : `${text} ago`;
}
