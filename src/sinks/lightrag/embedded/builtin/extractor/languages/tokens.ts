/** A word of a text in any script; `start` and `end` are its position, in UTF-16 units. */
export interface Token {
  text: string;
  lower: string;
  start: number;
  end: number;
  /** Nothing but this stands between it and the word before, or the beginning. */
  before: string;
}

/** Scripts without spaces between words: ICU's dictionaries divide them. */
const unspaced = new Set(["zh", "ja", "th"]);
const word = /[\p{L}\p{N}\p{M}]+(?:['’״"׳.·・-][\p{L}\p{N}\p{M}]+)*/gu;
const segmenters = new Map<string, Intl.Segmenter>();

/** The words of a text in order. Marks of a script stay on their letters. */
export function tokensOf(text: string, language: string): Token[] {
  const found = unspaced.has(language) ? segmentsOf(text, language) : wordsOf(text);
  let end = 0;
  return found.map(({ text: written, start }) => {
    const before = text.slice(end, start);
    end = start + written.length;
    return { text: written, lower: written.toLocaleLowerCase(language), start, end, before };
  });
}

function wordsOf(text: string): { text: string; start: number }[] {
  return Array.from(text.matchAll(word), ({ 0: found, index }) => ({ text: found, start: index }));
}

function segmentsOf(text: string, language: string): { text: string; start: number }[] {
  const segmenter = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: "word" });
  segmenters.set(language, segmenter);
  return Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment, index }) => ({ text: segment, start: index }));
}
