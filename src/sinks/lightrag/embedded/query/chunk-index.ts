import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { readMemoryDocuments } from "../../memory-document.ts";
import type { WholeKvReader } from "../storage/readers.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { type Neighbour, RecordedOrder, recordedOf } from "./recorded-order.ts";
import { KnownWords, searchTermsOf } from "./search-terms.ts";
import { Talk } from "./talk.ts";
import { WordIndex } from "./word-index.ts";

/** BM25's usual saturation and length normalisation. */
const saturation = 1.2;
const lengthShare = 0.75;

/** BM25 of every chunk, by place. */
export interface WordScores {
  /** By its own words. */
  own: Float64Array;
  /** By its words and those of its neighbours, which count for their weight. */
  context: Float64Array;
}

/**
 * The words of every chunk, for BM25, and which chunks are neighbours in time. A chunk has a place, which it keeps; a new one gets the next, so
 * that the places follow the order of insertion. The place of a removed chunk stays empty. After changes, `settle` has to be called.
 */
export class ChunkIndex {
  readonly #ids: (string | null)[] = [];
  /** The documents of the chunks, by the names that they have in the ledger. */
  readonly #fileSources: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #words = new WordIndex();
  /** Of those that were put in since the index was settled: words repeat. */
  #known = new KnownWords();
  readonly #lengths: number[] = [];
  readonly #contextLengths: number[] = [];
  readonly #order = new RecordedOrder();
  readonly talk = new Talk(this.#order);

  /** An index of all chunks of a store. */
  static *of(store: WholeKvReader<ChunkRecord>): Pieces<ChunkIndex> {
    const index = new ChunkIndex();
    for (const [id, chunk] of store.entries()) {
      index.put(id, chunk);
      yield;
    }
    index.settle();
    return index;
  }

  /** By place; null where a chunk was. */
  get ids(): readonly (string | null)[] {
    return this.#ids;
  }

  /** How many chunks there are. */
  get size(): number {
    return this.#places.size;
  }

  /** Adds a chunk, or replaces the one with this id. */
  put(id: string, chunk: ChunkRecord): void {
    const known = this.#places.get(id);
    const place = known ?? this.#ids.length;
    if (known !== undefined) this.#forget(known);
    const documents = readMemoryDocuments(chunk.content);
    const terms = searchTermsOf(chunk.content, this.#known);
    this.#ids[place] = id;
    this.#places.set(id, place);
    this.#fileSources[place] = chunk.file_path;
    this.#words.add(place, terms);
    this.#lengths[place] = terms.length;
    this.#order.add(place, recordedOf(chunk, documents[0] ?? null));
    this.talk.add(place, chunk.content, documents);
  }

  /** An unknown chunk is none to remove. */
  remove(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#forget(place);
    this.#places.delete(id);
    this.#ids[place] = null;
    this.#fileSources[place] = "";
  }

  settle(): void {
    this.#known = new KnownWords();
    for (const place of this.#order.settle())
      this.#contextLengths[place] = this.#order
        .neighboursOf(place)
        .reduce((sum, [near, weight]) => sum + weight * this.lengthOf(near), this.lengthOf(place));
  }

  /** The place of a chunk in every list of scores, or undefined. */
  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** The name of the chunk's document, or undefined for an unknown chunk. */
  fileSourceOf(id: string): string | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#fileSources[place];
  }

  /** How many terms a chunk has. */
  lengthOf(place: number): number {
    return this.#lengths[place] ?? 0;
  }

  neighboursOf(place: number): readonly Neighbour[] {
    return this.#order.neighboursOf(place);
  }

  *scoresOf(terms: Iterable<string>): Pieces<WordScores> {
    const scores = { own: this.#zeros(), context: this.#zeros() };
    const [counts, spread] = [this.#zeros(), this.#zeros()];
    const averages = { own: this.#average(this.#lengths), context: this.#average(this.#contextLengths) };
    for (const term of new Set(terms)) {
      const places = this.#words.count(term, counts);
      const near = this.#spread(places, counts, spread);
      const rarity = Math.log(1 + (this.size - places.length + 0.5) / (places.length + 0.5));
      const weight = (count: number, length: number, average: number) => {
        const norm = saturation * (1 - lengthShare + (lengthShare * length) / average);
        return (rarity * count * (saturation + 1)) / (count + norm);
      };
      for (const at of places) {
        addTo(scores.own, at, weight(counts[at] as number, this.lengthOf(at), averages.own));
        counts[at] = 0;
      }
      for (const at of near) {
        const length = this.#contextLengths[at] as number;
        addTo(scores.context, at, weight(spread[at] as number, length, averages.context));
        spread[at] = 0;
      }
      yield;
    }
    return scores;
  }

  /** Adds the counts of these places to `spread`, and to those of their neighbours. Returns the places that it added to. */
  #spread(places: readonly number[], counts: Float64Array, spread: Float64Array): number[] {
    const all = [...places];
    for (const at of places) spread[at] = counts[at] as number;
    for (const at of places)
      for (const [near, , weight] of this.#order.neighboursOf(at)) {
        const before = spread[near] as number;
        if (before === 0 && weight > 0) all.push(near);
        spread[near] = before + (counts[at] as number) * weight;
      }
    return all;
  }

  #forget(place: number): void {
    this.#words.remove(place);
    this.#order.remove(place);
    this.talk.remove(place);
    this.#lengths[place] = 0;
    this.#contextLengths[place] = 0;
  }

  #average(lengths: readonly number[]): number {
    return lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, this.size);
  }

  #zeros(): Float64Array {
    return new Float64Array(this.#ids.length);
  }
}

function addTo(scores: Float64Array, at: number, score: number): void {
  scores[at] = (scores[at] as number) + score;
}
