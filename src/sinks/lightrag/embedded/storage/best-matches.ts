/** A row and its score. */
export interface Candidate {
  row: number;
  score: number;
}

/** Keeps the best `limit` of many candidates: better score first, then the lower row. A binary heap with the worst one on top. */
export class BestMatches {
  readonly #limit: number;
  readonly #heap: Candidate[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether an offer would be kept now. */
  takes(candidate: Candidate): boolean {
    if (this.#heap.length < this.#limit) return true;
    return this.#limit > 0 && isWorse(this.#at(0), candidate);
  }

  offer(candidate: Candidate): void {
    if (this.#heap.length < this.#limit) {
      this.#heap.push(candidate);
      this.#rise(this.#heap.length - 1);
    } else if (this.#limit > 0 && isWorse(this.#at(0), candidate)) {
      this.#heap[0] = candidate;
      this.#sink(0);
    }
  }

  /** Best first. */
  sorted(): Candidate[] {
    return this.#heap.toSorted((a, b) => b.score - a.score || a.row - b.row);
  }

  #at(index: number): Candidate {
    return this.#heap[index] as Candidate;
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isWorse(this.#at(at), this.#at(parent))) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && isWorse(this.#at(child), this.#at(worst))) worst = child;
      }
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }

  #swap(a: number, b: number): void {
    const kept = this.#at(a);
    this.#heap[a] = this.#at(b);
    this.#heap[b] = kept;
  }
}

function isWorse(a: Candidate, b: Candidate): boolean {
  return a.score === b.score ? a.row > b.row : a.score < b.score;
}
