/** Full batches in a row that have to go through before a larger one is tried. */
const firstPatience = 4;

/**
 * How many documents a batch may hold. A batch that fails while both its halves go through was too much at once: smaller ones follow,
 * and larger ones are tried again ever more rarely.
 */
export class BatchSize {
  readonly #max: number;
  #current: number;
  #patience = firstPatience;
  #passes = 0;

  constructor(max: number) {
    this.#max = max;
    this.#current = max;
  }

  get limit(): number {
    return this.#current;
  }

  /** A batch of `count` documents went through. */
  passed(count: number): void {
    if (count < this.#current || this.#current === this.#max) return;
    this.#passes += 1;
    if (this.#passes < this.#patience) return;
    this.#current += 1;
    this.#passes = 0;
  }

  /** A batch of `count` documents failed, and its halves went through. */
  wasTooLarge(count: number): void {
    this.#current = Math.max(1, Math.min(this.#current, Math.floor(count / 2)));
    this.#passes = 0;
    this.#patience *= 2;
  }
}
