interface Waiting {
  count: number;
  take(granted: number): void;
}

/** Places that many share, first come first served; how many there are may change at any time. */
export class Places {
  #capacity: number;
  #used = 0;
  #waiting: Waiting[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get used(): number {
    return this.#used;
  }

  /** With fewer than are used, those above it are not given again once they are free. */
  setCapacity(capacity: number): void {
    this.#capacity = capacity;
    this.#serve();
  }

  /** Waits for `count` places, or for as many as there are at all if these are fewer; resolves to how many it has taken. Rejects with the signal's reason. */
  async take(count: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const turn = Promise.withResolvers<number>();
    const place = { count, take: turn.resolve };
    const leave = () => {
      this.#waiting = this.#waiting.filter((other) => other !== place);
      turn.reject(signal.reason);
      this.#serve();
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.push(place);
    this.#serve();
    return turn.promise.finally(() => signal.removeEventListener("abort", leave));
  }

  free(count: number): void {
    this.#used -= count;
    this.#serve();
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const granted = Math.min(next.count, this.#capacity);
      if (granted < 1 || this.#used + granted > this.#capacity) return;
      this.#used += granted;
      this.#waiting.shift();
      next.take(granted);
    }
  }
}
