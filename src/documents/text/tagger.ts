import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { TaggedWord } from "./named-things.ts";

/** About so much is looked at of a long text, in UTF-16 units: its beginning says what it is about, and tagging costs time. */
const maxLength = 20_000;
/** Tagged in one go, in some 20 ms; between the pieces others have their turn. */
const pieceLength = 2000;

/**
 * The sentences of the first 20,000 characters or so of a text, their words tagged by `compromise`. The library is loaded by the first call, in
 * 0.3 s. It knows English; `isEnglish` tells whether its answer means anything.
 */
export async function tagWords(text: string, signal: AbortSignal): Promise<TaggedWord[][]> {
  const { default: nlp } = await import("compromise");
  const sentences: TaggedWord[][] = [];
  for (const piece of pieces(text)) {
    for (const terms of nlp(piece).docs) {
      sentences.push(terms.map(({ text, post, tags }) => ({ text, after: post, tags: tags ?? new Set() })));
    }
    await yieldToOthers(undefined, { signal });
  }
  return sentences;
}

/** The beginning of a text, cut between sentences where there is a point, else at white space where there is some. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < Math.min(text.length, maxLength); ) {
    const limit = start + pieceLength;
    const seams = [text.lastIndexOf(". ", limit) + 1, text.lastIndexOf(" ", limit), limit];
    const end = limit >= text.length ? text.length : (seams.find((seam) => seam > start) ?? limit);
    yield text.slice(start, end);
    start = end;
  }
}

const functionTags = ["Pronoun", "Determiner", "Preposition", "Conjunction", "Auxiliary", "Copula", "Modal"];
/** Of ten English notes nine have more, of German, French, Spanish, Italian and Dutch ones hardly any. */
const englishShare = 0.25;

/** Whether enough of the words are the small words of English; in another language nearly none are. */
export function isEnglish(sentences: readonly (readonly TaggedWord[])[]): boolean {
  const words = sentences.flat().filter(({ text }) => text !== "");
  const small = words.filter(({ tags }) => functionTags.some((tag) => tags.has(tag)));
  return small.length >= englishShare * words.length;
}
