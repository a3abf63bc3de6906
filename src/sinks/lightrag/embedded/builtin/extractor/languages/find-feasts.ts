import { feastPattern, feastsOf } from "../../../../../../kernel/language/feasts.ts";
import { nominativeOf } from "./name-forms.ts";
import { type Finder, type Found, hasCapitals, isCapital } from "./reading.ts";

/** Between words there is nothing, or a particle follows as a part of the word. */
const endsAnywhere = new Set(["zh", "ja", "th", "ko", "tr"]);
const beginsAnywhere = new Set(["zh", "ja", "th"]);
/** Small words that are written as the first letters of the next one. */
const prefixes = new Map([
  ["ar", "[وفبلك]{0,2}"],
  ["he", "[ובלמהשכ]{0,2}"],
]);

/** Days of feast, which are neither places nor people: `Noël`, `Semana Santa`, `お正月`, `رمضان`. Under the name that the language has for them. */
export const feasts: Finder = (reading) => {
  const { text, language, tokens } = reading;
  const known = feastsOf(language);
  if (known.length === 0) return [];
  const written = Array.from(text.matchAll(patternOf(language)), (match): Found | null => {
    const spelling = (match.groups?.feast ?? "").toLocaleLowerCase(language);
    const name = known.find((feast) => feast.toLocaleLowerCase(language) === spelling);
    // "cidade natal" is where somebody was born: of one word the capital counts.
    const isWord = name === undefined || (!name.includes(" ") && /^\p{Lu}/u.test(name));
    if (name === undefined || (isWord && !/^\p{Lu}/u.test(match.groups?.feast ?? ""))) return null;
    return { name, type: "event", start: match.index, end: match.index + match[0].length };
  }).filter((found) => found !== null);
  if (language !== "ru" && language !== "pl") return written;
  const words = new Set(known.map((feast) => feast.toLocaleLowerCase(language)));
  const inCases = tokens.flatMap((token): Found[] => {
    const name = hasCapitals(text) && !isCapital(token) ? null : nominativeOf(token.text, language, words);
    return name === null ? [] : [{ name, type: "event", start: token.start, end: token.end }];
  });
  return [...written, ...inCases];
};

const patterns = new Map<string, RegExp>();

function patternOf(language: string): RegExp {
  const pattern = patterns.get(language);
  if (pattern !== undefined) return pattern;
  const begin = beginsAnywhere.has(language)
    ? ""
    : `(?<![\\p{L}\\p{M}\\p{N}])${prefixes.get(language) ?? ""}`;
  const end = endsAnywhere.has(language) ? "" : "(?![\\p{L}\\p{M}\\p{N}])";
  const made = new RegExp(`${begin}(?<feast>${feastPattern(language)})${end}`, "giu");
  patterns.set(language, made);
  return made;
}
