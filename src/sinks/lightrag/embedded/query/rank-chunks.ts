import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { BestMatches } from "../storage/best-matches.ts";
import type { SearchedStores } from "../storage/readers.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { questionTermsOf } from "./search-terms.ts";
import type { Talk } from "./talk.ts";
import { asksWhen } from "./time-words.ts";

/** Weights of the kinds of evidence, each scaled to at most 1; `docs/recall.md` shows how they were chosen. */
const ownWeight = 0.4;
const contextWeight = 1;
const vectorWeight = 0.15;
const graphWeight = 0.4;
/** The share of a question's score that what comes right after it gets as well. */
const answerShare = 0.3;
/** How much the best sitting is worth beside the best chunk, and how many of its chunks tell how good it is. */
const sittingShare = 0.4;
const tellingChunks = 3;
/** What is asked there holds few answers; what is said by whom the question names holds more. */
const askingFactor = 0.9;
const namedSpeakerFactor = 1.15;
/** A question for a time is answered where a time is told. */
const timeFactor = 1.25;
/** What a long chunk counts more than a word of thanks, and the length that earns half of it; in terms. */
const lengthShare = 0.3;
const halfLength = 30;
/**
 * Cosine similarity below which a vector is not near. LightRAG's 0.2 is meant for sentence models; hashed words are near at lower
 * values, and by chance rarely above 0.15.
 */
export const leastSimilarity = 0.16;
/** More of the nearest vectors do not improve the result. */
const vectorDepth = 500;

/** The evidence of found entities or relations for a chunk, by chunk id. */
export type GraphEvidence = ReadonlyMap<string, number>;

export interface ChunkQuestion {
  text: string;
  vector: Float32Array;
}

/** Which chunks are ranked. */
export interface RankedChunks extends Pick<SearchedStores, "chunkVectors"> {
  /** Those that may be used; left out for all. */
  has?: ((chunkId: string) => boolean) | undefined;
  /** Those that are shown, of those that may be used; left out for all. */
  isShown?: ((chunkId: string) => boolean) | undefined;
  /** The most that are returned. */
  limit: number;
}

/**
 * In pieces: the chunks with any evidence, best first: its words and those of its neighbours (BM25), its vector, the graph, and what it
 * is in the talk that it is a part of.
 */
export function* rankChunks(
  index: ChunkIndex,
  { chunkVectors, has, isShown = () => true, limit }: RankedChunks,
  question: ChunkQuestion,
  graph: readonly GraphEvidence[],
): Pieces<string[]> {
  const ofThese = has === undefined ? unchanged : maskBy(index, has);
  const { own, context } = yield* index.scoresOf(questionTermsOf(question.text));
  const scores = new Float64Array(index.ids.length);
  addScaled(scores, ofThese(own), ownWeight);
  addScaled(scores, ofThese(context), contextWeight);
  const nearest = yield* chunkVectors.nearest(question.vector, vectorDepth, leastSimilarity);
  addScaled(scores, byPlace(index, new Map(nearest.map(({ id, score }) => [id, score]))), vectorWeight);
  for (const evidence of graph) addScaled(scores, byPlace(index, evidence), graphWeight);
  yield;
  const answering = ofThese(withAnswers(index, scores));
  yield;
  const total = withTalk(index, answering, question.text);
  yield;
  const best = new BestMatches(limit);
  total.forEach((score, row) => {
    const candidate = { row, score };
    const id = index.ids[row] ?? null;
    if (score > 0 && id !== null && best.takes(candidate) && isShown(id)) best.offer(candidate);
  });
  return best.sorted().flatMap(({ row }) => index.ids[row] ?? []);
}

const unchanged = (scores: Float64Array): Float64Array => scores;

/** Takes away the scores of chunks that may not be used. */
function maskBy(
  { ids }: ChunkIndex,
  has: (chunkId: string) => boolean,
): (scores: Float64Array) => Float64Array {
  const isThere = ids.map((id) => id !== null && has(id));
  return (scores) => scores.map((score, at) => (isThere[at] ? score : 0));
}

function byPlace(index: ChunkIndex, evidence: GraphEvidence): Float64Array {
  const scores = new Float64Array(index.ids.length);
  for (const [id, score] of evidence) {
    const at = index.placeOf(id);
    if (at !== undefined) scores[at] = score;
  }
  return scores;
}

function addScaled(scores: Float64Array, added: Float64Array, weight: number): void {
  scaled(added).forEach((score, at) => {
    scores[at] = (scores[at] ?? 0) + weight * score;
  });
}

function scaled(scores: Float64Array): Float64Array {
  const highest = scores.reduce((high, score) => Math.max(high, score), 0);
  return highest === 0 ? scores : scores.map((score) => score / highest);
}

function withAnswers({ talk }: ChunkIndex, scores: Float64Array): Float64Array {
  return scores.map((score, at) => {
    const question = talk.answered(at);
    return question === null ? score : score + answerShare * (scores[question] ?? 0);
  });
}

function withTalk(index: ChunkIndex, scores: Float64Array, question: string): Float64Array {
  const { talk } = index;
  const sittings = scaled(sittingScores(talk, scores));
  const highest = scores.reduce((high, score) => Math.max(high, score), 0);
  const isSpokenByNamed = talk.spokenByNamed(question) ?? (() => false);
  const isForTime = asksWhen(question);
  return scores.map((score, at) => {
    if (score === 0) return 0;
    const length = index.lengthOf(at);
    const told = 1 + (lengthShare * length) / (length + halfLength);
    const sitting = sittingShare * highest * (sittings[talk.sittings[at] ?? 0] ?? 0);
    return (
      (score + sitting) *
      told *
      (isForTime && talk.saysWhen(at) ? timeFactor : 1) *
      (talk.asks(at) ? askingFactor : 1) *
      (isSpokenByNamed(at) ? namedSpeakerFactor : 1)
    );
  });
}

/** By sitting, what its best chunks have together. */
function sittingScores({ sittings }: Talk, scores: Float64Array): Float64Array {
  const best: number[][] = [];
  scores.forEach((score, at) => {
    const sitting = sittings[at] ?? 0;
    const those = best[sitting] ?? [];
    best[sitting] = those;
    if (score <= (those[tellingChunks - 1] ?? 0)) return;
    those.push(score);
    those.sort((a, b) => b - a).splice(tellingChunks);
  });
  return Float64Array.from(best, (those) => (those ?? []).reduce((sum, score) => sum + score, 0));
}
