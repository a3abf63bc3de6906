import { addDays, addMonths, dayName, mondayOf, monthName } from "../calendar.ts";
import { dayOfMonth, type NamedDate } from "../dates.ts";

/** A notation of dates; `resolve` gives the name of the day, week, month or year, null where the words are none. */
interface DateForm {
  pattern: RegExp;
  resolve(groups: Groups, recordedOn: Date | null): string | null;
}
type Groups = Record<string, string | undefined>;

/** Words grow together in these: no end of a word stands behind a date. */
const grown = new Set(["zh", "ja", "th"]);
/** Particles follow without a space. */
const withParticles = new Set([...grown, "ko", "tr"]);

/** What Unicode's locale data do not have of relative days, by their distance in days. */
const otherWords: ReadonlyMap<string, readonly (readonly [word: string, days: number])[]> = new Map([
  ["pl", [["dziś", 0]]],
  ["zh", [["昨晚", -1]]],
  [
    "ja",
    [
      ["おととい", -2],
      ["きのう", -1],
      ["きょう", 0],
      ["あした", 1],
      ["あさって", 2],
    ],
  ],
]);

/** Words that say tomorrow and morning: behind these they are a morning. */
const mornings: ReadonlyMap<string, string> = new Map([
  ["de", "(?:[Hh]eute|[Gg]estern|[Vv]orgestern|[Gg]uten|[Jj]eden|[Dd]iesen|[Aa]m|[Dd]e[rnm]|[Ee]ines) "],
  ["nl", "(?:goede|goeie|elke|iedere|deze|de|in de) "],
  ["es", "(?:la|esta|una|cada|otra|toda la) "],
]);

const made = new Map<string, readonly DateForm[]>();

/**
 * The dates that a text in another language than English names, in order, under their English names. As in English, relative ones are counted from the day of
 * recording; without it only complete ones are found. Names of months and words such as `gestern` and `先週` are those of Unicode's locale data.
 */
export function findDatesIn(text: string, language: string, recordedOn: Date | null): NamedDate[] {
  const read = withPlainDigits(text);
  const found: NamedDate[] = [];
  for (const { pattern, resolve } of formsOf(language))
    for (const match of read.matchAll(pattern)) {
      const at = { start: match.index, end: match.index + match[0].length };
      if (found.some((other) => at.start < other.end && other.start < at.end)) continue;
      const name = resolve(match.groups ?? {}, recordedOn);
      if (name !== null) found.push({ name, ...at });
    }
  return found.sort((a, b) => a.start - b.start);
}

/** The days of a question, as English names of dates begin: `18 May`, with the year where it says one. */
export function daysAskedFor(question: string, language: string): string[] {
  const [explicitForm] = formsOf(language);
  if (explicitForm === undefined) return [];
  return Array.from(withPlainDigits(question).matchAll(explicitForm.pattern)).flatMap(({ groups = {} }) => {
    // A leap year has every day that a year may have.
    const name = explicitForm.resolve({ ...groups, year: groups.year ?? "2024" }, null);
    if (name === null) return [];
    return [groups.year === undefined ? name.replace(/ \d+$/u, "") : name];
  });
}

/** They take longer to make than to use. */
function formsOf(language: string): readonly DateForm[] {
  const known = made.get(language);
  if (known !== undefined) return known;
  const isKnown = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  const forms = isKnown ? [explicit(language), ...relative(language)] : [];
  made.set(language, forms);
  return forms;
}

/** Digits of any script as those of Latin; each keeps its place. */
function withPlainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (digit.length > 1 || code < 128) return digit;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero -= 1;
    return String(code - zero);
  });
}

/** `18. Mai`, `3 de agosto de 2024`, `18 במאי`; `2024年5月18日`, `三月十日`, `5월 18일`. */
function explicit(language: string): DateForm {
  const isNumbered = ["zh", "ja", "ko"].includes(language);
  const months = isNumbered ? new Map<string, number>() : monthsOf(language);
  const number = "\\d{1,2}|[一二三四五六七八九十]{1,3}";
  const named = [...months.keys()].toSorted((a, b) => b.length - a.length).join("|");
  const end = withParticles.has(language) ? "" : "(?![\\p{L}\\p{M}\\p{N}])";
  const pattern = isNumbered
    ? `(?:(?<year>(?:19|20)\\d\\d)\\s*[年년]\\s*)?(?<!\\d)(?<month>${number})\\s*[月월]\\s*(?<day>${number})\\s*[日号號일]`
    : `(?<![\\p{L}\\p{N}])(?<day>\\d{1,2})(?:\\.|º|°|er)?\\s*(?:de\\s+|d['’])?ב?(?<month>${named})(?:,?\\s+(?:de\\s+|del\\s+)?(?<year>(?:19|20|25)\\d\\d))?${end}`;
  return {
    pattern: new RegExp(pattern, "giu"),
    resolve({ day = "", month = "", year }, recordedOn) {
      const at = months.get(month.toLocaleLowerCase(language)) ?? numberOf(month) - 1;
      // Thai years are counted from the Buddha.
      const counted = year?.startsWith("25") ? String(Number(year) - 543) : year;
      return dayOfMonth(numberOf(day), at, counted, recordedOn);
    },
  };
}

/** The names of months, alone and beside a day, and which month it is, from 0. */
function monthsOf(language: string): Map<string, number> {
  const names = new Map<string, number>();
  for (let month = 0; month < 12; month += 1)
    for (const options of [{ month: "long" }, { month: "long", day: "numeric" }] as const) {
      const parts = new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).formatToParts(
        new Date(Date.UTC(2024, month, 1)),
      );
      const name = parts.find(({ type }) => type === "month")?.value.replace(/^ב(?=\p{L}{2})/u, "");
      if (name !== undefined) names.set(name.toLocaleLowerCase(language), month);
    }
  return names;
}

const hanDigits = "一二三四五六七八九";

/** `18`, `十八` and `二十`. */
function numberOf(text: string): number {
  if (!/^\p{Script=Han}/u.test(text)) return Number(text);
  const [tens, ones] = text.includes("十") ? text.split("十") : ["", text];
  const digit = (character: string) => hanDigits.indexOf(character) + 1;
  return (text.includes("十") ? 10 * (digit(tens || "一") || 1) : 0) + (ones ? digit(ones) : 0);
}

type Counted = readonly [words: string, name: (recordedOn: Date) => string];

function relative(language: string): DateForm[] {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const day = (days: number) => (on: Date) => dayName(addDays(on, days));
  const units: readonly (readonly [Intl.RelativeTimeFormatUnit, (step: number) => Counted[1]])[] = [
    ["day", day],
    ["week", (step) => (on) => `week of ${dayName(mondayOf(addDays(on, 7 * step)))}`],
    ["month", (step) => (on) => monthName(addMonths(on, step))],
    ["year", (step) => (on) => String(on.getUTCFullYear() + step)],
  ];
  const steps = [-2, -1, 0, 1, 2];
  const counted = units.flatMap(([unit, name]) =>
    steps.map((step): Counted => [words.format(step, unit), name(step)]),
  );
  const others = (otherWords.get(language) ?? []).map(([word, days]): Counted => [word, day(days)]);
  const all = [...counted, ...others];
  // Numbers are for other rules; a word that says two times, as Hindi's for yesterday and tomorrow, says none.
  const isClear = ([word]: Counted) =>
    !/\p{N}/u.test(word) && all.filter(([other]) => other === word).length === 1;
  return all
    .filter(isClear)
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([word, name]) => ({
      pattern: wordsPattern(word, language),
      resolve: (_, on) => on && name(on),
    }));
}

/** In German a noun with a capital is a morning, so that case counts there. */
function wordsPattern(words: string, language: string): RegExp {
  const marks = language === "ar" ? "[\\u064B-\\u0652]*" : "";
  const written = Array.from(language === "ar" ? words.replace(/[\u064B-\u0652]/gu, "") : words)
    .map((character) => (character === " " ? "\\s+" : /['’]/u.test(character) ? "['’]" : character + marks))
    .join("");
  if (grown.has(language)) return new RegExp(written, "gu");
  const isMorning = /^(?:morgen|mañana)$/u.test(words);
  const morning = isMorning ? `(?<!${mornings.get(language) ?? "(?!)"})` : "";
  const prefix = language === "ar" ? "[وف]?" : language === "he" ? "ו?" : "";
  const end = withParticles.has(language) ? "" : "(?![\\p{L}\\p{M}\\p{N}])";
  const flags = isMorning && language === "de" ? "gu" : "giu";
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${morning}${prefix}${written}${end}`, flags);
}
