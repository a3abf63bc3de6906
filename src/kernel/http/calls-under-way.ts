import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../util/clock.ts";

const ofThisWork = new AsyncLocalStorage<CallsUnderWay>();

/** The calls to servers that a piece of work waits for, whichever client makes them and however deep: clients are shared by many. */
export class CallsUnderWay {
  private readonly clock: Pick<Clock, "monotonic">;
  private readonly begun = new Set<{ at: number }>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.clock = clock;
  }

  /** Counts the calls of `work` from now on. */
  during<Result>(work: () => Promise<Result>): Promise<Result> {
    return ofThisWork.run(this, work);
  }

  /** How long the oldest of them has taken so far, with its tries and waits. Milliseconds; 0 when there is none. */
  get oldestMs(): number {
    const [oldest] = this.begun;
    return oldest === undefined ? 0 : this.clock.monotonic() - oldest.at;
  }

  /** Makes a call, counted by the work that it is part of, if any counts. */
  static async count<Result>(call: () => Promise<Result>): Promise<Result> {
    const calls = ofThisWork.getStore();
    if (calls === undefined) return call();
    const begun = { at: calls.clock.monotonic() };
    calls.begun.add(begun);
    return call().finally(() => calls.begun.delete(begun));
  }
}
