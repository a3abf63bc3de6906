import { parseTimestamp } from "../../timestamp.ts";

/** What comes first in a date. */
export type DateOrder = "day_first" | "month_first" | "year_first";

/** When a message was sent, as a phone writes it. */
export interface ChatStamp {
  /** As they stand there; a year first where it is one for certain. */
  date: readonly [number, number, number];
  isYearFirst: boolean;
  hasDots: boolean;
  /** Persian digits, with which people write the Persian calendar. */
  isPersian: boolean;
  hour: number;
  minute: number;
  second: number;
  /** The word beside the time, as `halves` has it; empty where there is none. */
  word: string;
}

/** Marks of the direction of writing, which exports put between numbers. */
export const directions = String.raw`\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069`;
/** Few, so that no line takes long. */
const marks = `[${directions}]{0,4}`;
const gap = String.raw`[\s${directions}]{0,3}`;
const one = String.raw`\p{Nd}`;
const word = String.raw`\p{L}[\p{L}\p{M}.'’"״׳\s${directions}]{0,14}?`;
const dividedDate = `(?<a>${one}{1,4})${gap}(?<divider>[./-])${gap}(?<b>${one}{1,2})${gap}\\k<divider>${gap}(?<c>${one}{1,4})`;
const spelledDate = `(?<year>${one}{2,4})${gap}[年년]${gap}(?<month>${one}{1,2})${gap}[月월]${gap}(?<day>${one}{1,2})${gap}[日일]`;
/** Behind a date: a dot, the Bulgarian word for a year, the letters of the Buddhist era. */
const date = `(?:${dividedDate}|${spelledDate})(?:\\.|${gap}г\\.?|${gap}BE)?`;
const time = `(?:(?<before>${word})${gap})?(?<hour>${one}{1,2})[:.](?<minute>${one}{2})(?:[:.](?<second>${one}{2}))?(?:${gap}(?<after>${word}))?`;
const comma = `${marks}[,،，]?[\\s${directions}]{0,6}`;

/** A date and a time, in either order: a source of expressions, for `stampOf`. */
const stamp = `(?:${date}${comma}${time})`;
const stampTimeFirst = `(?:${time}${comma}${date})`;

/** Lines that begin with a stamp: `before` and `behind` surround it. */
export function stampedLines(before: string, behind: string): RegExp[] {
  return [stamp, stampTimeFirst].map(
    (each) => new RegExp(`^${marks}${before}${marks}${each}${marks}${behind}(?<rest>.*)$`, "isu"),
  );
}

type Half = "am" | "pm" | "noon" | "none";

/** The words for the halves of a day, without dots and blanks, in small letters; `none`: words that only say that a time follows. */
const halves: ReadonlyMap<string, Half> = new Map(
  (
    [
      [
        "am",
        "am 上午 早上 凌晨 清晨 午前 오전 새벽 아침 ص صباحا قظ قبلازظهر πμ de öö fm לפנהצ पूर्वाह्न ก่อนเที่ยง дп dop pg sa pd eparadites",
      ],
      [
        "pm",
        "pm 下午 晚上 傍晚 午後 오후 저녁 밤 م مساء بظ بعدازظهر μμ du ös em אחהצ अपराह्न หลังเที่ยง пп odp ptg ch md epasdites",
      ],
      ["noon", "中午 정오"],
      ["none", "klo kl uhr ч godz h u lúc às alas um at в น เวลา"],
    ] as const
  ).flatMap(([half, words]) => words.split(" ").map((each) => [each, half] as const)),
);

/** The languages that write the year first, by their words for the halves of a day. */
const yearFirst =
  /^(?:上午|下午|早上|凌晨|清晨|晚上|傍晚|中午|午前|午後|오전|오후|새벽|아침|저녁|밤|정오|de|du)$/u;

/** What the groups of one of `stampedLines` say. */
export function stampOf(groups: Readonly<Record<string, string | undefined>>): ChatStamp {
  const { a = "", b = "", c = "", year = "", month = "", day = "", divider = "" } = groups;
  const beside = plainWord(groups.after ?? groups.before ?? "");
  const first = year || a;
  return {
    date: [numberOf(first), numberOf(month || b), numberOf(day || c)],
    isYearFirst: year !== "" || a.length > 2 || yearFirst.test(beside),
    hasDots: divider === ".",
    isPersian: /[۰-۹]/u.test(first),
    hour: numberOf(groups.hour ?? "0"),
    minute: numberOf(groups.minute ?? "0"),
    second: numberOf(groups.second ?? "0"),
    word: beside,
  };
}

const plainWord = (text: string) =>
  text.toLowerCase().replaceAll(new RegExp(String.raw`[.'’"״׳\s\u200c${directions}]`, "gu"), "");

/** A number in the digits of any script: those of each follow one another. */
function numberOf(digits: string): number {
  return Number(Array.from(digits, (digit) => String(valueOfDigit(digit.codePointAt(0) ?? 0))).join(""));
}

function valueOfDigit(digit: number): number {
  let zero = digit;
  while (digit - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return digit - zero;
}

/** Whether the word beside the time is one that is known, or tells nothing because clocks run to 24. */
export function isKnownHalf({ word: beside }: ChatStamp, runsTo24: boolean): boolean {
  return beside === "" || runsTo24 || halves.has(beside);
}

/** RFC 3339 in UTC; null where it is no day or no time in this order. */
export function timeOfStamp(told: ChatStamp, order: DateOrder, timeZone: string): string | null {
  const day = dayOf(told, order);
  const hour = hourOf(told);
  if (day === null || hour === null) return null;
  return parseTimestamp(`${day}T${two(hour)}:${two(told.minute)}:${two(told.second)}`, timeZone);
}

/** `2026-03-01`; null where there is no such day. */
export function dayOf(
  { date: [a, b, c], isYearFirst, isPersian }: ChatStamp,
  order: DateOrder,
): string | null {
  const [year, month, day] =
    isYearFirst || order === "year_first" ? [a, b, c] : order === "day_first" ? [c, b, a] : [c, a, b];
  if (isPersian && year >= 1300 && year < 1500) return persianDay(year, month, day);
  const full = fullYear(year);
  return full === null || month < 1 || month > 12 || day < 1 || day > daysIn(full, month)
    ? null
    : `${full}-${two(month)}-${two(day)}`;
}

const two = (number: number) => String(number).padStart(2, "0");
const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The program is from 2009, and nobody writes of the year after the next. */
const firstYear = 2009;
const lastYear = () => new Date().getUTCFullYear() + 1;
/** Of the Buddhist era to ours. */
const buddhist = 543;

/** A year of ours; null where it is none in which a message can have been sent. */
function fullYear(year: number): number | null {
  const candidates = year < 100 ? [2000 + year, 2500 + year - buddhist] : [year, year - buddhist];
  return candidates.find((each) => each >= firstYear && each <= lastYear()) ?? null;
}

const dayMs = 86_400_000;
/** From the beginning of the year 0 to 1970. */
const daysTo1970 = 719_528;

/** A day of the Persian calendar, by the arithmetic rule of leap years, which holds for all days that phones have seen. */
function persianDay(year: number, month: number, day: number): string | null {
  const since = year + 1595;
  const months = month < 7 ? (month - 1) * 31 : (month - 7) * 30 + 186;
  if (month < 1 || month > 12 || day < 1 || day > (month < 7 ? 31 : 30)) return null;
  const leapDays = Math.floor(since / 33) * 8 + Math.floor(((since % 33) + 3) / 4);
  const days = 365 * since + leapDays + months + day - 355_668;
  return new Date((days - daysTo1970) * dayMs).toISOString().slice(0, 10);
}

function hourOf({ hour, word: beside }: ChatStamp): number | null {
  const half = halves.get(beside) ?? "none";
  if (half === "none" || hour > 12) return hour < 24 ? hour : null;
  if (half === "noon") return hour < 10 ? hour + 12 : hour;
  return (hour % 12) + (half === "pm" ? 12 : 0);
}
