import { stemmer } from "stemmer";
import type { EmbeddingModel } from "../models/models.ts";
import { commonWords, functionWords } from "./common-words.ts";
import { addFeature, normalise } from "./feature-hash.ts";
import { wordsOf } from "./terms.ts";

const dimension = 512;
const gramLength = 4;
/** What the parts of a word weigh together beside the word itself: names in other forms and misspelt words still meet. */
const gramWeight = 0.5;
const commonWordWeight = 0.5;

/**
 * The offline embedder: deterministic vectors of length 1 from the words that a text uses, hashed by stem and by character
 * 4-grams. Frequent words of speech weigh half, long words more than short ones. It knows words, not meanings: texts are near
 * when they name the same things. A document's header is embedded with it and keeps short memories from being nearest to
 * everything. `docs/recall.md` shows what this is worth.
 */
export function createBuiltinEmbedder(): EmbeddingModel {
  return {
    id: `builtin:lexical-${dimension}-v1`,
    dimension,
    async embed(texts, signal) {
      return texts.map((text) => {
        signal.throwIfAborted();
        return embedText(text);
      });
    },
  };
}

function embedText(text: string): Float32Array {
  const vector = new Float32Array(dimension);
  for (const [stem, weight] of weightedStems(text)) {
    addFeature(vector, stem, weight);
    addGrams(vector, stem, weight * gramWeight);
  }
  // A text without a single word still needs a direction of its own.
  if (vector.every((value) => value === 0)) addFeature(vector, `text ${text}`, 1);
  return normalise(vector);
}

/** Stem → weight. A word that comes often counts for a little more than once. */
function weightedStems(text: string): Map<string, number> {
  const words = wordsOf(text);
  const content = words.filter((word) => !functionWords.has(word));
  const counts = new Map<string, { times: number; weight: number }>();
  for (const word of content.length > 0 ? content : words) {
    const stem = stemmer(word);
    const count = counts.get(stem) ?? { times: 0, weight: wordWeight(word) };
    counts.set(stem, { ...count, times: count.times + 1 });
  }
  return new Map([...counts].map(([stem, { times, weight }]) => [stem, weight * (1 + Math.log(times))]));
}

/** Longer words are rarer and say more (Zipf's law of abbreviation); it stands in for counts that an embedder cannot have. */
function wordWeight(word: string): number {
  const byLength = Math.min(1.5, Math.max(0.7, (word.length / 6) ** 0.3));
  return commonWords.has(word) ? byLength * commonWordWeight : byLength;
}

function addGrams(vector: Float32Array, stem: string, weight: number): void {
  const framed = `<${stem}>`;
  const grams = framed.length - gramLength + 1;
  for (let i = 0; i < grams; i++) {
    addFeature(vector, `gram ${framed.slice(i, i + gramLength)}`, weight / Math.sqrt(grams));
  }
}
