import { tagsAlone } from "../language.ts";
import type { EntityType } from "../noun-types.ts";
import {
  type Finder,
  type Found,
  goesOnWith,
  isCapital,
  isIn,
  isJoined,
  isNoName,
  nameOf,
  type Reading,
} from "./reading.ts";
import type { Token } from "./tokens.ts";

/** Behind these a sentence begins, and a capital says nothing. */
const opens = /[.!?…:\n„“"«(–—]|^\s*-/u;

/** A title begins with one, and whose it is stands behind it: "Os Maias de Eça de Queirós". */
const articles = new Set(
  "os as o a de het een il la le lo les i gli un una der die das el los las".split(" "),
);

export const joining = new Set(
  "de da do dos das del della dei di du des la le van von der den ten y e i".split(" "),
);

/** Names by their capital within a sentence; at its beginning only a name that is known, or one that goes on as a name. */
export const capitals: Finder = (reading) => {
  const { tokens } = reading;
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isNamed(at, reading)) continue;
    const last = endOfName(at, reading);
    found.push(capitalised(tokens.slice(at, last + 1), tokens[at - 1], reading));
    at = last;
  }
  return found;
};

/** The last word of the name that begins here. In German any noun has a capital, so that only a given name goes on. */
export function endOfName(first: number, reading: Reading): number {
  const { tokens, language } = reading;
  const isTitle = articles.has(tokens[first]?.lower ?? "") || /^\p{Lu}['’]/u.test(tokens[first]?.text ?? "");
  let last = first;
  for (;;) {
    const small = !isTitle && joining.has(tokens[last + 1]?.text ?? "") && isJoined(tokens[last + 1]) ? 1 : 0;
    const [token, next] = [tokens[last], tokens[last + 1 + small]];
    if (token === undefined || next === undefined || !goesOnWith(token, next, reading)) break;
    if (language === "de" && (small > 0 || !isIn(reading.lexicon.given, tokens[last], reading))) break;
    last += 1 + small;
  }
  return last;
}

function capitalised(words: readonly Token[], before: Token | undefined, reading: Reading): Found {
  const name = words.map((word) => (joining.has(word.text) ? word.text : nameOf(word, reading))).join(" ");
  const isPerson = words.some((word) => isIn(reading.lexicon.given, word, reading)) || isKnownPerson(words);
  const isNamedAfter = placeWithin.test(name);
  const type =
    isPerson && !isNamedAfter ? "person" : isNamedAfter ? "location" : typeOfThing(words, before, reading);
  return { name, type, start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 };
}

function typeOfThing(words: readonly Token[], before: Token | undefined, reading: Reading): EntityType {
  const isOneOf = (names: ReadonlySet<string>) => words.length === 1 && isIn(names, words[0], reading);
  if (isOneOf(reading.lexicon.companies)) return "organization";
  const name = words.map(({ text }) => text).join(" ");
  return isOneOf(reading.lexicon.known) || isPlace(before, name) ? "location" : "concept";
}

function isNamed(at: number, reading: Reading): boolean {
  const { tokens } = reading;
  const token = tokens[at];
  if (!isCapital(token) || token === undefined || isNoName(token, reading)) return false;
  const begins = at === 0 || opens.test(token.before);
  if (!begins) return true;
  const next = tokens[at + 1];
  const goesOn =
    reading.language !== "de" &&
    isCapital(next) &&
    isJoined(next) &&
    next !== undefined &&
    !isNoName(next, reading);
  return goesOn ? isWidelyKnown(token) : isIn(reading.lexicon.given, token, reading) || isWidelyKnown(token);
}

/** A name that the English dictionary has as well: of a city, a company, a person. */
function isWidelyKnown({ lower }: Token): boolean {
  const tags = tagsAlone(lower);
  return ["FirstName", "Place", "Organization"].some((tag) => tags.has(tag));
}

function isKnownPerson(words: readonly Token[]): boolean {
  return words.some(({ lower }) => tagsAlone(lower).has("Person") || tagsAlone(lower).has("FirstName"));
}

/** `Clara-Zetkin-Park`, `Thomaskirche`, `Prinsengracht`: the noun for a place is the end of the word, whoever it is named after. */
const placeWithin =
  /\p{L}{3}-?(?:park|platz|straße|strasse|gasse|allee|brücke|kirche|bahnhof|krankenhaus|straat|plein|gracht|kerk)$/iu;

const beforePlaces = new Set("in nach aus à en a para w do we в na из to naar uit".split(" "));

function isPlace(before: Token | undefined, name: string): boolean {
  return (
    tagsAlone(name.toLowerCase()).has("Place") ||
    (before !== undefined &&
      beforePlaces.has(before.lower) &&
      tagsAlone(name.toLowerCase()).has("ProperNoun"))
  );
}
