import { foldedSpelling } from "./folded-spelling.ts";

interface DateWord {
  /** Finds the name in a folded text. */
  pattern: RegExp;
  english: string;
}

const made = new Map<string, readonly DateWord[]>();

/**
 * The English names of the months and weekdays that a text has in this language: the header of a document says when it was recorded in English. Names are those of
 * Unicode's locale data. `locale` is a BCP 47 tag; the text is one of `foldedSpelling`.
 */
export function englishDateWords(text: string, locale: string): string[] {
  const words = made.get(locale) ?? dateWordsOf(locale);
  made.set(locale, words);
  return words.filter(({ pattern }) => pattern.test(text)).map(({ english }) => english);
}

function dateWordsOf(locale: string): DateWord[] {
  const names = new Map<string, string>();
  const add = (day: Date, part: "month" | "weekday", options: Intl.DateTimeFormatOptions) => {
    const nameIn = (language: string) =>
      new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options })
        .formatToParts(day)
        .find(({ type }) => type === part)?.value;
    const [name, english] = [nameIn(locale), nameIn("en")];
    if (name !== undefined && english !== undefined) names.set(foldedSpelling(name), foldedSpelling(english));
  };
  for (let month = 0; month < 12; month += 1) {
    const day = new Date(Date.UTC(2024, month, 1));
    add(day, "month", { month: "long" });
    // Beside a day the name has another form in many languages.
    add(day, "month", { month: "long", day: "numeric" });
  }
  for (let day = 1; day <= 7; day += 1) add(new Date(Date.UTC(2024, 0, day)), "weekday", { weekday: "long" });
  return [...names].map(([name, english]) => ({ pattern: patternOf(name), english }));
}

/** Other letters may follow or precede a name only in scripts in which words grow together. */
function patternOf(name: string): RegExp {
  if (/^\p{N}+$/u.test(name)) return new RegExp(`(?<!\\p{N})${name}月`, "u");
  if (/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Devanagari}]/u.test(name))
    return new RegExp(`(?<![\\p{L}\\p{M}])${name}(?![\\p{L}\\p{M}])`, "u");
  return new RegExp(`(?<!\\p{N})${name}`, "u");
}
