const word = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;
const possessive = /['’]s$/u;
const apostrophe = /['’]/gu;
/** Scripts without spaces between words: pairs of adjacent characters serve as words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The words of a text in order: lower case, without possessive endings and apostrophes. */
export function wordsOf(text: string): string[] {
  return (text.normalize("NFKC").toLowerCase().match(word) ?? []).flatMap(pieces);
}

function pieces(match: string): string[] {
  const bare = match.replace(possessive, "").replace(apostrophe, "");
  return unspaced.test(bare) ? pairsOf(Array.from(bare)) : [bare];
}

/** Adjacent characters in pairs, which serve as words where a script has no spaces; a single one as it is. */
export function pairsOf(characters: readonly string[]): string[] {
  if (characters.length < 2) return [...characters];
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
}
