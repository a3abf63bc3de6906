import { compareCodePoints } from "../../../../kernel/util/code-point-order.ts";
import { likenessOf, partsOf } from "./word-forms.ts";

/** The share of its parts that a word must have in common with another to be a form of it; `docs/recall.md` shows how these were chosen. */
const leastLikeness = 0.55;
/** What a form counts beside the word itself, and where the word itself is nowhere. */
const formWeight = { beside: 0.2, instead: 0.5 };

/**
 * Which texts have which terms, and how often. A text is told by its place, a small number; a place can be emptied and filled again. The texts of
 * a term are one list of numbers, place and count in turn, by ascending place: a large folder has millions of them.
 */
export class WordIndex {
  readonly #numbers = new Map<string, number>();
  readonly #terms: string[] = [];
  readonly #postings: number[][] = [];
  /** The numbers of the terms that have a part. */
  readonly #byPart = new Map<string, number[]>();
  /** By place, the numbers of its terms, each once. */
  readonly #termsAt: Uint32Array[] = [];

  add(place: number, terms: readonly string[]): void {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const number = this.#numberOf(term);
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    this.#termsAt[place] = Uint32Array.from(counts.keys());
    for (const [number, count] of counts) {
      const postings = this.#postings[number] as number[];
      if ((postings.at(-2) ?? -1) < place) postings.push(place, count);
      else postings.splice(indexOf(postings, place), 0, place, count);
    }
  }

  remove(place: number): void {
    for (const number of this.#termsAt[place] ?? []) {
      const postings = this.#postings[number] as number[];
      postings.splice(indexOf(postings, place), 2);
    }
    this.#termsAt[place] = new Uint32Array();
  }

  /**
   * Adds to `counts`, by place, how often a text has the term and, for less, words that look like other forms of it. Returns the places that it
   * added to, each once; there were zeros in them.
   */
  count(term: string, counts: Float64Array): number[] {
    const places: number[] = [];
    const add = (postings: readonly number[], weight: number) => {
      for (let i = 0; i < postings.length; i += 2) {
        const place = postings[i] as number;
        const before = counts[place] as number;
        if (before === 0) places.push(place);
        counts[place] = before + (postings[i + 1] as number) * weight;
      }
    };
    const exact = this.#postings[this.#numbers.get(term) ?? -1] ?? [];
    add(exact, 1);
    const weight = exact.length === 0 ? formWeight.instead : formWeight.beside;
    for (const { number, likeness } of this.#formsOf(term))
      add(this.#postings[number] as number[], likeness * weight);
    return places;
  }

  /** Terms with most parts of one, and their likeness to it, up to 1. In an order that does not tell which of them was there first. */
  #formsOf(term: string): { number: number; likeness: number }[] {
    const shared = new Map<number, number>();
    for (const part of partsOf(term))
      for (const number of this.#byPart.get(part) ?? []) shared.set(number, (shared.get(number) ?? 0) + 1);
    const own = this.#numbers.get(term);
    if (own !== undefined) shared.delete(own);
    return [...shared]
      .map(([number, count]) => ({ number, likeness: likenessOf(term, this.#term(number), count) }))
      .filter(({ likeness }) => likeness >= leastLikeness)
      .sort((a, b) => compareCodePoints(this.#term(a.number), this.#term(b.number)));
  }

  #numberOf(found: string): number {
    const known = this.#numbers.get(found);
    if (known !== undefined) return known;
    // A piece of a text would keep the whole text in memory.
    const term = Buffer.from(found).toString();
    const number = this.#terms.push(term) - 1;
    this.#numbers.set(term, number);
    this.#postings.push([]);
    for (const part of new Set(partsOf(term))) {
      const terms = this.#byPart.get(part);
      if (terms === undefined) this.#byPart.set(part, [number]);
      else terms.push(number);
    }
    return number;
  }

  #term(number: number): string {
    return this.#terms[number] as string;
  }
}

/** Where a place is in a list of places and counts, or would be. */
function indexOf(postings: readonly number[], place: number): number {
  let [low, high] = [0, postings.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((postings[2 * middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}
