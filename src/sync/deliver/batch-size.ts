/** Consecutive full batches that have to succeed before a larger one is tried. */
const firstPatience = 4;

/**
 * The adaptive size of a batch. A batch that fails while both its halves succeed was too large: smaller ones follow, and larger
 * ones are tried less and less often.
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

  /** A batch of `count` documents succeeded. */
  passed(count: number): void {
    if (count < this.#current || this.#current === this.#max) return;
    this.#passes += 1;
    if (this.#passes < this.#patience) return;
    this.#current += 1;
    this.#passes = 0;
  }

  /** A batch of `count` documents failed, and its halves succeeded. */
  wasTooLarge(count: number): void {
    this.#current = Math.max(1, Math.min(this.#current, Math.floor(count / 2)));
    this.#passes = 0;
    this.#patience *= 2;
  }
}
