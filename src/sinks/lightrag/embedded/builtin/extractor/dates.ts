import { monthNames, weekdayNames } from "../../../../../kernel/util/calendar.ts";
import { addDays, addMonths, dayName, mondayOf, monthName, nearestWeekday } from "./calendar.ts";

/** A date in a text. `start` and `end` are its position, in UTF-16 units. */
export interface NamedDate {
  /** `7 May 2023`, `week of 1 May 2023`, `weekend of 6 May 2023`, `May 2023`, `summer 2022` or `2022`. */
  name: string;
  start: number;
  end: number;
}

type Groups = Record<string, string | undefined>;
/** A notation of dates. Resolves to null when the words are not a date. */
interface DateRule {
  pattern: RegExp;
  resolve(groups: Groups, recordedOn: Date): string | null;
}

const seasons = ["spring", "summer", "autumn", "fall", "winter"];
const numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const month = `(?<month>${monthNames.join("|")})`;
const day = "(?<day>3[01]|[12]\\d|0?[1-9])(?:st|nd|rd|th)?";
const year = "(?<year>(?:19|20)\\d\\d)";
const which = "(?<which>this past|last|past|this|next)";
const count = `(?<count>\\d{1,3}|an?|${numbers.slice(1).join("|")})`;

const rules: readonly DateRule[] = [
  { pattern: words(`${year}-(?<monthNumber>0[1-9]|1[0-2])-${day}`), resolve: isoDate },
  { pattern: words(`(?:the )?${day} (?:of )?${month}(?:,? ${year})?`), resolve: explicitDay },
  { pattern: words(`${month} (?:the )?${day}(?:,? ${year})?(?!\\d)`), resolve: explicitDay },
  { pattern: words(`${month},? ${year}`), resolve: ({ month, year }) => `${capital(month)} ${year}` },
  { pattern: words(`(?:in|since|by|during|until) ${year}`), resolve: ({ year }) => year ?? null },
  { pattern: words(`(?:${which}|in|since|early|late|mid|until) ${month}`), resolve: monthOfYear },
  { pattern: words(`${which} (?<season>${seasons.join("|")})`), resolve: season },
  { pattern: words(`${which} (?<weekday>${weekdayNames.join("|")})`), resolve: weekdayNear },
  { pattern: words(`${which} (?<unit>week|weekend|month|year)`), resolve: unitNear },
  { pattern: words(`${count} (?<unit>day|week|month|year)s? ago`), resolve: (g, on) => distant(g, on, -1) },
  { pattern: words(`in ${count} (?<unit>day|week|month|year)s?`), resolve: (g, on) => distant(g, on, 1) },
  {
    pattern: words("the day (?<side>before yesterday|after tomorrow)"),
    resolve: ({ side }, on) => dayName(addDays(on, side === "after tomorrow" ? 2 : -2)),
  },
  { pattern: words("yesterday|last night"), resolve: (_, on) => dayName(addDays(on, -1)) },
  { pattern: words("tomorrow"), resolve: (_, on) => dayName(addDays(on, 1)) },
  {
    pattern: words("today|tonight|this (?:morning|afternoon|evening)"),
    resolve: (_, on) => dayName(on),
  },
];

/**
 * The dates that a text names, in order. Relative ones ("last Saturday") are counted from the day of recording; without that day
 * only complete ones are found. Vague ones ("a few weeks ago", "on Friday") are ignored.
 */
export function findDates(text: string, recordedOn: Date | null): NamedDate[] {
  const found: NamedDate[] = [];
  for (const rule of rules) {
    for (const match of text.matchAll(rule.pattern)) {
      const at = { start: match.index, end: match.index + match[0].length };
      if (found.some((other) => at.start < other.end && other.start < at.end)) continue;
      const name = resolved(rule, match.groups ?? {}, recordedOn);
      if (name !== null) found.push({ name, ...at });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function words(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, "giu");
}

/** Without the day of recording, a date counts only if it does not depend on that day. */
function resolved(rule: DateRule, groups: Groups, recordedOn: Date | null): string | null {
  if (recordedOn !== null) return rule.resolve(groups, recordedOn);
  const [once, again] = ["2001-01-05", "2007-11-20"].map((on) =>
    rule.resolve(groups, new Date(`${on}T12:00:00Z`)),
  );
  return once === again ? (once ?? null) : null;
}

function isoDate({ year, monthNumber, day }: Groups): string {
  return `${Number(day)} ${monthNames[Number(monthNumber) - 1]} ${year}`;
}

function explicitDay({ day, month, year }: Groups, recordedOn: Date): string | null {
  return dayOfMonth(Number(day), monthIndex(month), year, recordedOn);
}

/**
 * `7 May 2023`: a day of a month, which is counted from 0. Without a year it is the one nearest to the recording. Null where there is no such day, and without
 * both.
 */
export function dayOfMonth(
  day: number,
  month: number,
  year: string | undefined,
  recordedOn: Date | null,
): string | null {
  const years =
    year === undefined
      ? [-1, 0, 1].map((offset) => (recordedOn?.getUTCFullYear() ?? Number.NaN) + offset)
      : [Number(year)];
  const candidates = years
    .map((each) => new Date(Date.UTC(each, month, day, 12)))
    .filter((date) => date.getUTCMonth() === month && date.getUTCDate() === day);
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  const near = recordedOn ?? first;
  return dayName(others.reduce((a, b) => (gap(b, near) < gap(a, near) ? b : a), first));
}

/** "in June" is this year's; "last June" the one before the recording, "next June" the one after it. */
function monthOfYear({ which = "", month }: Groups, recordedOn: Date): string {
  const at = monthIndex(month);
  const now = recordedOn.getUTCMonth();
  const shift = isPast(which) ? -Number(at >= now) : which.toLowerCase() === "next" ? Number(at <= now) : 0;
  return `${monthNames[at]} ${recordedOn.getUTCFullYear() + shift}`;
}

function season({ which = "", season = "" }: Groups, recordedOn: Date): string {
  const name = season.toLowerCase();
  const now = recordedOn.getUTCMonth();
  const shift = isPast(which) ? -Number(now <= lastMonthOf(name)) : Number(which.toLowerCase() === "next");
  return `${name} ${recordedOn.getUTCFullYear() + shift}`;
}

/** The last month of a season in the northern hemisphere, from 0. Winter belongs to the year in which it ends. */
function lastMonthOf(season: string): number {
  return { spring: 4, summer: 7, winter: 1 }[season] ?? 10;
}

function weekdayNear({ which = "", weekday = "" }: Groups, recordedOn: Date): string {
  const at = weekdayNames.findIndex((name) => name.toLowerCase() === weekday.toLowerCase());
  return dayName(nearestWeekday(recordedOn, at, isPast(which) ? -1 : 1));
}

function unitNear({ which = "", unit }: Groups, recordedOn: Date): string {
  const step = isPast(which) ? -1 : which.toLowerCase() === "next" ? 1 : 0;
  switch (unit?.toLowerCase()) {
    case "week":
      return `week of ${dayName(addDays(mondayOf(recordedOn), 7 * step))}`;
    case "weekend":
      return `weekend of ${dayName(addDays(mondayOf(recordedOn), 5 + 7 * step))}`;
    case "month":
      return monthName(addMonths(recordedOn, step));
    default:
      return String(recordedOn.getUTCFullYear() + step);
  }
}

function distant({ count = "", unit }: Groups, recordedOn: Date, direction: 1 | -1): string {
  const steps = direction * numberOf(count);
  switch (unit?.toLowerCase()) {
    case "day":
      return dayName(addDays(recordedOn, steps));
    case "week":
      return `week of ${dayName(mondayOf(addDays(recordedOn, 7 * steps)))}`;
    case "month":
      return monthName(addMonths(recordedOn, steps));
    default:
      return String(recordedOn.getUTCFullYear() + steps);
  }
}

function numberOf(count: string): number {
  const lower = count.toLowerCase();
  if (lower === "a" || lower === "an") return 1;
  return numbers.includes(lower) ? numbers.indexOf(lower) : Number(lower);
}

function isPast(which: string): boolean {
  return /last|past/iu.test(which);
}

function monthIndex(name = ""): number {
  return monthNames.findIndex((each) => each.toLowerCase() === name.toLowerCase());
}

function capital(name = ""): string {
  return monthNames[monthIndex(name)] ?? name;
}

function gap(a: Date, b: Date): number {
  return Math.abs(a.getTime() - b.getTime());
}
