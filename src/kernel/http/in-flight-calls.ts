import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../util/clock.ts";

const ofThisWork = new AsyncLocalStorage<InFlightCalls>();

/** The server calls that a unit of work is waiting for, whichever client makes them and at any depth: clients are shared. */
export class InFlightCalls {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #begun = new Set<{ at: number }>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Runs `work` and tracks its calls. */
  during<Result>(work: () => Promise<Result>): Promise<Result> {
    return ofThisWork.run(this, work);
  }

  /** Age of the oldest call in flight, its retries and waits included. Milliseconds; 0 when there is none. */
  get oldestMs(): number {
    const [oldest] = this.#begun;
    return oldest === undefined ? 0 : this.#clock.monotonic() - oldest.at;
  }

  /** Makes a call, tracked by the work that it is part of, if that is tracked. */
  static async count<Result>(call: () => Promise<Result>): Promise<Result> {
    const calls = ofThisWork.getStore();
    if (calls === undefined) return call();
    const begun = { at: calls.#clock.monotonic() };
    calls.#begun.add(begun);
    return call().finally(() => calls.#begun.delete(begun));
  }
}
