import { functionWords as english } from "../builtin/common-words.ts";
import { foldedSpelling } from "./folded-spelling.ts";
import { functionWordsByLanguage } from "./function-words.ts";
import { unspaced } from "./scripts.ts";
import { localesByScript } from "./search-terms.ts";

const locales = new Set(["en", ...functionWordsByLanguage.keys(), ...localesByScript]);
const functionWords = new Set(
  [...english, ...[...functionWordsByLanguage.values()].flatMap((list) => list.split(/\s+/u))].map(
    foldedSpelling,
  ),
);
const word = /[\p{L}\p{M}]+/gu;
const year = /(?<!\p{N})(?:19|20)\d{2}(?!\p{N})/u;
const isUnspaced = new RegExp(`[${unspaced}]`, "u");

/** The first words of a question for a time. */
const asking = new Set(
  "when wann quand cuándo cuando quando wanneer kiedy когда zaman متى מתי कब 언제".split(" "),
);
const askingUnspaced = /เมื่อไ|什么时候|什麼時候|[几幾]时|幾時|何[时時]|哪[天年]|いつ/u;

interface TimeWords {
  words: ReadonlySet<string>;
  /** Those of scripts without spaces. */
  characters: RegExp;
}
let made: TimeWords | undefined;

/**
 * Whether a text says when something is: the name of a month or weekday, a year, or words such as `yesterday`, `letzte Woche` and `昨天`, in any of the
 * languages that search knows, which need not be the text's. Names and words are those of Unicode's locale data.
 */
export function saysWhen(text: string): boolean {
  // They take longer to make than to use.
  made ??= timeWords();
  if (year.test(text)) return true;
  for (const [found] of text.matchAll(word))
    if (made.words.has(found) || made.words.has(found.toLowerCase())) return true;
  return isUnspaced.test(text) && made.characters.test(text);
}

/** Whether a question asks when something is. */
export function asksWhen(question: string): boolean {
  const [first = "", second = ""] = question.toLowerCase().match(word) ?? [];
  return asking.has(first) || asking.has(second) || askingUnspaced.test(question);
}

function timeWords(): TimeWords {
  const all = [...locales].flatMap((locale) => [...namesIn(locale), ...relativeIn(locale)]);
  const [characters, spaced] = [
    all.filter((each) => isUnspaced.test(each)),
    all.filter((each) => !isUnspaced.test(each)),
  ];
  return {
    words: new Set(spaced.flatMap((each) => each.match(word) ?? []).filter(isTelling)),
    characters: new RegExp(characters.map((each) => each.replace(/^[\s\p{N}]+/u, "")).join("|"), "u"),
  };
}

/** Not a function word of any language; but `May` with a capital is a month. */
function isTelling(found: string): boolean {
  return /^\p{Lu}/u.test(found) || (found.length > 2 && !functionWords.has(foldedSpelling(found)));
}

function namesIn(locale: string): string[] {
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month)));
  const weekdays = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2024, 0, day + 1)));
  const nameOf = (options: Intl.DateTimeFormatOptions, part: "month" | "weekday") => (day: Date) =>
    new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options })
      .formatToParts(day)
      .flatMap(({ type, value }) =>
        type === part && !/^\p{N}/u.test(value) ? [value, value.toLowerCase()] : [],
      );
  return [
    ...months.flatMap(nameOf({ month: "long" }, "month")),
    // Beside a day the name has another form in many languages.
    ...months.flatMap(nameOf({ month: "long", day: "numeric" }, "month")),
    ...weekdays.flatMap(nameOf({ weekday: "long" }, "weekday")),
  ];
}

function relativeIn(locale: string): string[] {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const units = ["day", "week", "month", "year"] as const;
  return units.flatMap((unit) => [-5, -2, -1, 0, 1, 2, 5].map((step) => format.format(step, unit)));
}
