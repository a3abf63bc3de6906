import type { Clock } from "../../src/kernel/util/clock.ts";

/** Time that passes only while somebody sleeps on the clock; what a double does meanwhile is done then, in order and at once. */
export class SharedTime implements Clock {
  readonly sleeps: number[] = [];
  #monotonic = 0;
  #due: { at: number; go: () => void }[] = [];
  readonly #begin: number;

  constructor(begin = Date.UTC(2026, 0, 1)) {
    this.#begin = begin;
  }

  now = (): number => this.#begin + this.#monotonic;

  monotonic = (): number => this.#monotonic;

  /** For what the double does beside: resolves when somebody's sleep has lasted so long. */
  wait = (ms: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#due.push({ at: this.#monotonic + ms, go: resolve });
    return promise;
  };

  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    await this.pass(ms);
    signal?.throwIfAborted();
  };

  /** Lets time pass without a sleep being noted; 0: what is due now is done. */
  async pass(ms: number): Promise<void> {
    const until = this.#monotonic + ms;
    await settled();
    for (let next = this.#takeDue(until); next !== undefined; next = this.#takeDue(until)) {
      this.#monotonic = Math.max(this.#monotonic, next.at);
      next.go();
      await settled();
    }
    this.#monotonic = until;
  }

  #takeDue(until: number) {
    const [first] = this.#due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
    this.#due = this.#due.filter((each) => each !== first);
    return first;
  }
}

/** Everything that needs no time has been done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
