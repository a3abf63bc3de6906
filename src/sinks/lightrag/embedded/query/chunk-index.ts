import { termsOf } from "../builtin/terms.ts";
import type { KvReader } from "../storage/readers.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { type Neighbour, neighboursOf } from "./recorded-order.ts";

/** BM25's usual saturation and length normalisation. */
const saturation = 1.2;
const lengthShare = 0.75;

/** A posting of a term: the chunk's position in the index, and the term frequency. */
type Posting = readonly [at: number, count: number];

/** The words of every chunk, for BM25, and which chunks are neighbours in time. */
export class ChunkIndex {
  readonly ids: readonly string[];
  readonly neighbours: readonly Neighbour[][];
  /** The documents of the chunks, by the names that they have in the ledger. */
  readonly fileSources: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #postings = new Map<string, Posting[]>();
  readonly #lengths: number[] = [];
  readonly #contextLengths: number[];

  private constructor(ids: readonly string[], chunks: readonly ChunkRecord[]) {
    this.ids = ids;
    this.fileSources = chunks.map(({ file_path }) => file_path);
    this.#places = new Map(ids.map((id, at) => [id, at]));
    chunks.forEach((chunk, at) => {
      this.#add(at, termsOf(chunk.content));
    });
    this.neighbours = neighboursOf(chunks);
    this.#contextLengths = this.#lengths.map((length, at) =>
      (this.neighbours[at] ?? []).reduce((sum, [near, weight]) => sum + weight * this.#length(near), length),
    );
  }

  static of(store: KvReader<ChunkRecord>): ChunkIndex {
    const records = [...store.keys()].flatMap((id): [string, ChunkRecord][] => {
      const record = store.get(id);
      return record === undefined ? [] : [[id, record]];
    });
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
      const postings = this.#postings.get(term) ?? [];
      const rarity = Math.log(1 + (this.ids.length - postings.length + 0.5) / (postings.length + 0.5));
      for (const [at, count] of countsOf(postings)) {
        const norm = saturation * (1 - lengthShare + (lengthShare * (lengths[at] ?? 0)) / average);
        scores[at] = (scores[at] ?? 0) + (rarity * count * (saturation + 1)) / (count + norm);
      }
    }
    return scores;
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

  #add(at: number, terms: readonly string[]): void {
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
