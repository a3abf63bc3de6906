import { stemmer } from "stemmer";

/** Words so common in English that search engines leave them out (the list of Lucene's English analyser, and pronouns). */
const stopwords = new Set(
  `a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will
  with i you he she we my your his her our me him us them its am were been being have has had do does did what which who whom
  when where why how`.split(/\s+/u),
);

export type Analyser = (text: string) => string[];

export function plainWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !stopwords.has(word));
}

export function stemmedWords(text: string): string[] {
  return plainWords(text).map(stemmer);
}

/** Okapi BM25 with k1 1.2 and b 0.75, written for this comparison alone. Scores every text of a collection for a question. */
export function bm25(texts: readonly string[], analyse: Analyser): (question: string) => number[] {
  const counts = texts.map((text) => countsOf(analyse(text)));
  const lengths = counts.map((count) => count.values().reduce((sum, times) => sum + times, 0));
  const average = lengths.reduce((sum, length) => sum + length, 0) / texts.length;
  const inTexts = countsOf(counts.flatMap((count) => [...count.keys()]));
  const termScore = (term: string, at: number) => {
    const times = counts[at]?.get(term) ?? 0;
    const having = inTexts.get(term) ?? 0;
    const rarity = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
    return (rarity * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * (lengths[at] ?? 0)) / average));
  };
  return (question) => {
    const terms = [...new Set(analyse(question))];
    return texts.map((_, at) => terms.reduce((sum, term) => sum + termScore(term, at), 0));
  };
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
