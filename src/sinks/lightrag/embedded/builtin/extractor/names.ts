import { singularOf, type Word } from "./language.ts";

const possessive = /['’]s$|(?<=s)['’]$/u;

export function isPossessive(word: Word): boolean {
  return possessive.test(word.text);
}

/** In lower case, without an apostrophe and what follows it: `Evan's` and `Evan'll` → `evan`. */
export function bareWord(word: Word): string {
  return word.lower.replace(/'\p{L}*$/u, "");
}

/**
 * A proper name as written, without a possessive ending: `Evan's` → `Evan`, `Dr. Smith` with its full stop. Several words that a sign has in capitals have
 * those of a name: `FORT WILLIAM` → `Fort William`.
 */
export function properName(words: readonly Word[]): string {
  const name = joinedName(words);
  // Abbreviations are shorter.
  const isSign = words.length > 1 && !/\p{Ll}/u.test(name) && /\p{Lu}{5}/u.test(name);
  return isSign ? name.replaceAll(/(?<=\p{Lu})\p{Lu}+/gu, (rest) => rest.toLowerCase()) : name;
}

function joinedName(words: readonly Word[]): string {
  return words
    .map((word, at) => {
      const stop = at < words.length - 1 && word.after.startsWith(".") ? "." : "";
      return `${word.text.replace(possessive, "")}${stop}`;
    })
    .join(" ")
    .replaceAll("’", "'");
}

/** A noun phrase in lower case with its head in the singular: `Support Groups` → `support group`. */
export function singularPhrase(words: readonly Word[]): string {
  const last = words.at(-1);
  if (last === undefined) return "";
  const head = last.lower.replace(possessive, "");
  const singular = last.tags.has("Plural") ? singularOf(head) : head;
  return [...words.slice(0, -1).map((word) => word.lower.replace(possessive, "")), singular].join(" ");
}
