import { isUnspaced } from "./scripts.ts";

const isHangul = /\p{Script=Hangul}/u;

/**
 * Parts of a word by which its other forms are found, whatever the language; none for characters of scripts without spaces. Where letters are
 * syllables a part has two of them. Where articles and prepositions stand before a word without a space, its end counts as its beginning does.
 */
export function partsOf(term: string): string[] {
  if (isUnspaced.test(term)) return [];
  if (isHangul.test(term)) return gramsOf(`<${term}`, 2);
  if (/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(term)) return gramsOf(`<${term}>`, 3);
  return gramsOf(`<${term}`, /[\p{Script=Latin}\p{N}]/u.test(term) ? 4 : 3);
}

/**
 * How alike two words are, 0 to 1, that have so many parts in common. In Korean particles follow a word without a space, so that the longer of two
 * may have any number of parts more.
 */
export function likenessOf(term: string, form: string, shared: number): number {
  const [own, other] = [partsOf(term).length, partsOf(form).length];
  return isHangul.test(term) ? shared / Math.min(own, other) : (2 * shared) / (own + other);
}

function gramsOf(text: string, length: number): string[] {
  // Pieces of a text are cheaper than of a list; most words have no character of two units.
  const characters = /\p{Surrogate}|[\u{10000}-\u{10ffff}]/u.test(text) ? Array.from(text) : text;
  const count = Math.max(1, characters.length - length + 1);
  return Array.from({ length: count }, (_, at) => {
    const part = characters.slice(at, at + length);
    return typeof part === "string" ? part : part.join("");
  });
}
