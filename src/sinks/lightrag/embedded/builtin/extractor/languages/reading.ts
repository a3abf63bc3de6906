import type { EntityType } from "../noun-types.ts";
import type { Lexicon } from "./lexicon.ts";
import { baseForm, koreanStems, nominativeOf, semiticStems } from "./name-forms.ts";
import type { Token } from "./tokens.ts";

/** A thing that a text names, where it stands, in UTF-16 units. */
export interface Found {
  name: string;
  type: EntityType;
  start: number;
  end: number;
}

/** Words of a text, and what is known of their language. */
export interface Reading {
  text: string;
  language: string;
  tokens: readonly Token[];
  lexicon: Lexicon;
}

export type Finder = (reading: Reading) => Found[];

export function hasCapitals(text: string): boolean {
  return /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{2}/u.test(text);
}

/** The forms in which a word may be known. */
export function formsOf({ text, lower }: Token, { language, lexicon }: Reading): string[] {
  if (language === "ko") return koreanStems(text);
  if (language === "ar" || language === "he") return semiticStems(text, language);
  return [lower, baseForm(text, language, namesOf(lexicon)).toLocaleLowerCase(language)];
}

const allNames = new WeakMap<Lexicon, ReadonlySet<string>>();

/** All names that a language is known to have. */
export function namesOf(lexicon: Lexicon): ReadonlySet<string> {
  const names =
    allNames.get(lexicon) ??
    new Set([lexicon.given, lexicon.known, lexicon.companies, lexicon.kin].flatMap((words) => [...words]));
  allNames.set(lexicon, names);
  return names;
}

export function isIn(words: ReadonlySet<string>, token: Token | undefined, reading: Reading): boolean {
  if (token === undefined) return false;
  return (
    formsOf(token, reading).some((form) => words.has(form)) ||
    nominativeOf(token.lower, reading.language, words) !== null
  );
}

/** The name that a word stands for: as it is known, else as it is written without affixes. */
export function nameOf(token: Token, reading: Reading): string {
  const { language, lexicon } = reading;
  const forms = formsOf(token, reading);
  if (language === "ko" || language === "ar" || language === "he") {
    const known = forms.find((form) => namesOf(lexicon).has(form));
    return known ?? (language === "ko" ? (forms[1] ?? token.text) : token.text);
  }
  return baseForm(token.text, language, namesOf(lexicon));
}

export const isJoined = (token: Token | undefined) => token !== undefined && /^[\s·]*$/u.test(token.before);

/** Also behind an article that is joined to it: `l'Amazonie`. */
export function isCapital(token: Token | undefined): boolean {
  return token !== undefined && /^(?:\p{Ll}{1,5}['’])?\p{Lu}/u.test(token.text);
}

/** Where a language has capitals a name has one; elsewhere any word of letters may be one. */
export function mayBeName(token: Token, { lexicon, text }: Reading): boolean {
  if (hasCapitals(text) && !isCapital(token)) return false;
  const isOther = lexicon.kin.has(token.lower) || lexicon.titlesBefore.has(token.lower);
  return /^(?:\p{L}[\p{L}\p{M}'’]|[\p{Script=Han}\p{Script=Hangul}])/u.test(token.text) && !isOther;
}

export function isNoName(token: Token | undefined, reading: Reading): boolean {
  if (token === undefined || token.text.length < 2) return true;
  const bare = baseForm(token.text, reading.language, namesOf(reading.lexicon));
  return (
    !/^\p{Lu}/u.test(bare) ||
    isIn(reading.lexicon.noNames, token, reading) ||
    isIn(reading.lexicon.titlesBefore, token, reading) ||
    isIn(reading.lexicon.labels, token, reading)
  );
}

/** Whether the next word may belong to the same name: not behind an affix (`Elif'in`, `Lenas`), nor with an article of its own (`dall'Arno`). */
export function goesOnWith(token: Token, next: Token, reading: Reading): boolean {
  const { language } = reading;
  const isAffixed = ["de", "nl", "tr"].includes(language) && nameOf(token, reading) !== token.text;
  return !isAffixed && /^\p{Lu}/u.test(next.text) && isJoined(next) && !isNoName(next, reading);
}
