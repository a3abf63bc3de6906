import { joining } from "./find-capitals.ts";
import { adjectiveBeside, baseForm, koreanStems, nominativeOf, semiticStems } from "./name-forms.ts";
import { type Finder, type Found, formsOf, isIn, isJoined, mayBeName, type Reading } from "./reading.ts";
import type { Token } from "./tokens.ts";

/** Languages in which the name of a place stands before its noun; in the others it follows it. */
const beforeTheNoun = new Set(["zh", "ja", "ko", "hi", "tr"]);

/** `улица Садовая`, `花园路`, `गांधी रोड`, `مستشفى السلام`: the noun and the word beside it. */
export const places: Finder = (reading) => {
  const { lexicon, language } = reading;
  if (language === "ja") return writtenPlaces(reading);
  return reading.tokens.flatMap((token, at): Found[] => {
    if (!isIn(lexicon.placeNouns, token, reading)) return [];
    const sides = language === "ru" ? [at - 1, at + 1] : [beforeTheNoun.has(language) ? at - 1 : at + 1];
    const other = sides.map((side) => placeBeside(at, side, reading)).find((found) => found !== null);
    return other === undefined ? [] : [other];
  });
};

function placeBeside(at: number, side: number, reading: Reading): Found | null {
  const { tokens, language } = reading;
  const noun = tokens[at];
  // "rue des Lilas", "hospital de Santa Maria"
  const small = side > at && joining.has(tokens[side]?.text ?? "") && isJoined(tokens[side]) ? 1 : 0;
  const other = tokens[side + small];
  if (noun === undefined || other === undefined) return null;
  const [first, last] = side < at ? [other, noun] : [noun, other];
  if (!isJoined(last) || !mayBeName(other, reading) || isIn(reading.lexicon.noNames, other, reading))
    return null;
  const { start } = first;
  const after = tokens[side + 1];
  const isLonger =
    side > at && language === "th" && other.text.length <= 3 && isJoined(after) && after !== undefined;
  const end =
    (isLonger ? after : adjectiveBehind(other, side > at ? after : undefined, reading))?.end ?? last.end;
  return { name: placeName(first, last, { noun, other, end }, reading), type: "location", start, end };
}

/** `مستشفى القصر العيني`: an adjective with the article of the name before it. */
function adjectiveBehind(name: Token, next: Token | undefined, { language }: Reading): Token | undefined {
  const isOne =
    language === "ar" &&
    isJoined(next) &&
    /^ال/u.test(name.text) &&
    /^ال\p{L}{2,}(?:ي|ية)$/u.test(next?.text ?? "") &&
    !/^ال(?:ماضي|ماضية|تالي|تالية|حالي|حالية)$/u.test(next?.text ?? "");
  return isOne ? next : undefined;
}

function placeName(
  first: Token,
  last: Token,
  { noun, other, end }: { noun: Token; other: Token; end: number },
  { text, language, lexicon }: Reading,
): string {
  if (language === "ko") return `${other.text}${koreanStems(noun.text)[1] ?? noun.text}`;
  if (language === "ru" || language === "pl") {
    const word = nominativeOf(noun.lower, language, lexicon.placeNouns) ?? noun.lower;
    const name = adjectiveBeside(word, other.text);
    return first === noun ? `${word} ${name}` : `${name} ${word}`;
  }
  const written = text.slice(first.start, end);
  if (language === "ar" || language === "he")
    return written.replace(
      first.text,
      semiticStems(first.text, language).find((form) => lexicon.placeNouns.has(form)) ?? first.text,
    );
  return language === "tr"
    ? written.slice(0, written.length - last.text.length) + last.text.replace(/['’]\p{L}+$/u, "")
    : baseForm(written, language, lexicon.given);
}

/** A run of characters before a noun for places, `聖マリア病院`. */
function writtenPlaces({ text, lexicon }: Reading): Found[] {
  const nouns = [...lexicon.placeNouns].join("|");
  const pattern = new RegExp(`[\\p{Script=Han}\\p{Script=Katakana}ー]{2,}?(?:${nouns})`, "gu");
  return Array.from(text.matchAll(pattern), ({ 0: name, index: start }) => ({
    name,
    type: "location" as const,
    start,
    end: start + name.length,
  }));
}

/** Cities, countries and companies. */
export const knownNames: Finder = (reading) =>
  reading.tokens.flatMap((token): Found[] => {
    const { known, companies } = reading.lexicon;
    const form = formsOf(token, reading).find((each) => known.has(each) || companies.has(each));
    if (form === undefined) return [];
    const type = companies.has(form) ? "organization" : "location";
    return [{ name: form, type, start: token.start, end: token.end }];
  });
