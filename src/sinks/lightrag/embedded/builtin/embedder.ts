import { stemmer } from "stemmer";
import type { EmbeddingModel } from "../models/models.ts";
import { commonWords, functionWords } from "./common-words.ts";
import { wordsOf } from "./terms.ts";

const dimension = 512;
const gramLength = 4;
/** The weight of a word's parts together, relative to the word itself: names in other forms and misspelt words still match. */
const gramWeight = 0.5;
const commonWordWeight = 0.5;

/**
 * The offline embedder: deterministic vectors of length 1 from the words of a text, hashed by stem and by character 4-grams.
 * Frequent words of speech weigh half, long words more than short ones. It compares words, not meanings: texts are near when they
 * name the same things. A document's header is embedded with it and keeps short memories from being nearest to everything.
 * `docs/recall.md` shows how well this works.
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
  // A text without any word still needs its own direction.
  if (vector.every((value) => value === 0)) addFeature(vector, `text ${text}`, 1);
  return normalise(vector);
}

/** Stem → weight. A repeated word counts a little more than a single one. */
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

/**
 * Longer words are rarer and say more (Zipf's law of abbreviation); it substitutes for the corpus counts that an embedder cannot have.
 */
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

/** Every feature sets this many positions of the vector, so that two features rarely collide completely. */
const places = 4;

/**
 * Adds a named feature to a vector: a few signed positions chosen by a hash of the name ("feature hashing"). Different features are
 * nearly orthogonal, and no vocabulary has to be kept.
 */
function addFeature(vector: Float32Array, feature: string, weight: number): void {
  const amount = weight / Math.sqrt(places);
  let state = fnv1a(feature);
  for (let i = 0; i < places; i++) {
    state = mix(state + i);
    const at = state % vector.length;
    vector[at] = (vector[at] ?? 0) + (state & 0x80000000 ? amount : -amount);
  }
}

/** Scales a vector to length 1; a zero vector is unchanged. */
function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads every bit of the state over the whole word (the finaliser of MurmurHash3). */
function mix(state: number): number {
  let hash = state;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
