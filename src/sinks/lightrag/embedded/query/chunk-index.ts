import type { WholeKvReader } from "../storage/readers.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { inRecordedOrder, type Neighbour, neighboursOf } from "./recorded-order.ts";
import { searchTermsOf } from "./search-terms.ts";
import { type Talk, talkOf } from "./talk.ts";
import { likenessOf, partsOf } from "./word-forms.ts";

/** BM25's usual saturation and length normalisation. */
const saturation = 1.2;
const lengthShare = 0.75;

/** The share of its parts that a word must have in common with another to be a form of it; `docs/recall.md` shows how these were chosen. */
const leastLikeness = 0.55;
/** What a form counts beside the word itself, and where the word itself is nowhere. */
const formWeight = { beside: 0.2, instead: 0.5 };

/** A posting of a term: the chunk's position in the index, and the term frequency. */
type Posting = readonly [at: number, count: number];

/** The words of every chunk, for BM25, and which chunks are neighbours in time. */
export class ChunkIndex {
  readonly ids: readonly string[];
  readonly neighbours: readonly Neighbour[][];
  readonly talk: Talk;
  /** The documents of the chunks, by the names that they have in the ledger. */
  readonly fileSources: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #postings = new Map<string, Posting[]>();
  readonly #lengths: number[] = [];
  /** The words by their parts, made when the first question comes. */
  #byPart: Map<string, string[]> | undefined;
  readonly #contextLengths: number[];

  private constructor(ids: readonly string[], chunks: readonly ChunkRecord[]) {
    this.ids = ids;
    this.fileSources = chunks.map(({ file_path }) => file_path);
    this.#places = new Map(ids.map((id, at) => [id, at]));
    chunks.forEach((chunk, at) => {
      this.#add(at, chunk.content);
    });
    const placed = inRecordedOrder(chunks);
    this.neighbours = neighboursOf(chunks, placed);
    this.talk = talkOf(chunks, placed);
    this.#contextLengths = this.#lengths.map((length, at) =>
      (this.neighbours[at] ?? []).reduce((sum, [near, weight]) => sum + weight * this.#length(near), length),
    );
  }

  static of(store: WholeKvReader<ChunkRecord>): ChunkIndex {
    const records = [...store.entries()];
    return new ChunkIndex(
      records.map(([id]) => id),
      records.map(([, record]) => record),
    );
  }

  /** The position of a chunk in every list of scores, or undefined. */
  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** BM25 of every chunk by its own words. */
  ownScores(terms: Iterable<string>): Float64Array {
    return this.#scores(terms, this.#lengths, (postings) => new Map(postings));
  }

  /** BM25 of every chunk by its words and those of its neighbours, which count for their weight. */
  contextScores(terms: Iterable<string>): Float64Array {
    return this.#scores(terms, this.#contextLengths, (postings) => this.#spread(postings));
  }

  #scores(
    terms: Iterable<string>,
    lengths: readonly number[],
    countsOf: (postings: readonly Posting[]) => Map<number, number>,
  ): Float64Array {
    const scores = new Float64Array(this.ids.length);
    const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
    for (const term of new Set(terms)) {
      const postings = this.#like(term);
      const rarity = Math.log(1 + (this.ids.length - postings.length + 0.5) / (postings.length + 0.5));
      for (const [at, count] of countsOf(postings)) {
        const norm = saturation * (1 - lengthShare + (lengthShare * (lengths[at] ?? 0)) / average);
        scores[at] = (scores[at] ?? 0) + (rarity * count * (saturation + 1)) / (count + norm);
      }
    }
    return scores;
  }

  /** The postings of a term and, for less, of words that look like other forms of it. */
  #like(term: string): readonly Posting[] {
    const exact = this.#postings.get(term);
    const counts = new Map<number, number>(exact);
    const weight = exact === undefined ? formWeight.instead : formWeight.beside;
    for (const [form, likeness] of this.#formsOf(term))
      for (const [at, count] of this.#postings.get(form) ?? [])
        counts.set(at, (counts.get(at) ?? 0) + count * likeness * weight);
    return [...counts];
  }

  /** Words of the index with most parts of a term, and their likeness to it, up to 1. */
  #formsOf(term: string): [form: string, likeness: number][] {
    this.#byPart ??= this.#indexParts();
    const shared = new Map<string, number>();
    for (const part of partsOf(term))
      for (const form of this.#byPart.get(part) ?? []) shared.set(form, (shared.get(form) ?? 0) + 1);
    shared.delete(term);
    return [...shared]
      .map(([form, count]): [string, number] => [form, likenessOf(term, form, count)])
      .filter(([, likeness]) => likeness >= leastLikeness);
  }

  #indexParts(): Map<string, string[]> {
    const index = new Map<string, string[]>();
    for (const term of this.#postings.keys())
      for (const part of new Set(partsOf(term))) {
        const terms = index.get(part);
        if (terms === undefined) index.set(part, [term]);
        else terms.push(term);
      }
    return index;
  }

  #spread(postings: readonly Posting[]): Map<number, number> {
    const counts = new Map<number, number>(postings);
    for (const [at, count] of postings) {
      for (const [near, weight] of this.neighbours[at] ?? []) {
        counts.set(near, (counts.get(near) ?? 0) + count * weight);
      }
    }
    return counts;
  }

  #add(at: number, text: string): void {
    const terms = searchTermsOf(text);
    this.#lengths.push(terms.length);
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) {
      const postings = this.#postings.get(term);
      if (postings === undefined) this.#postings.set(term, [[at, count]]);
      else postings.push([at, count]);
    }
  }

  #length(at: number): number {
    return this.#lengths[at] ?? 0;
  }
}
