import { bulkhead } from "cockatiel";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";

export interface ReadingLimits {
  /** The most readings per run. */
  perRun: number;
  /** The most readings per day (UTC), over all runs that share the cache. */
  perDay: number;
}

/**
 * Counts readings against the limits. One budget belongs to one run; the day's count is in the cache and outlives it. Concurrent
 * processes may exceed the day's limit by one reading each.
 */
export class ReadingBudget {
  readonly #limits: ReadingLimits;
  readonly #cache: ValueCache;
  readonly #clock: Clock;
  readonly #turn = bulkhead(1, Number.POSITIVE_INFINITY);
  #spent = 0;

  constructor(limits: ReadingLimits, cache: ValueCache, clock: Clock) {
    this.#limits = limits;
    this.#cache = cache;
    this.#clock = clock;
  }

  /** Takes one reading off the budget, whether or not it succeeds. Throws `MEDIA_BUDGET_SPENT` when none is left. */
  take(): Promise<void> {
    return this.#turn.execute(() => this.#take());
  }

  async #take(): Promise<void> {
    const day = new Date(this.#clock.now()).toISOString().slice(0, 10);
    const key = `media/spent/${day}`;
    const spentToday = Number((await this.#cache.get(key)) ?? 0);
    if (this.#spent >= this.#limits.perRun) throw spent("run", this.#limits.perRun);
    if (spentToday >= this.#limits.perDay) throw spent("day", this.#limits.perDay);
    this.#spent += 1;
    await this.#cache.put(key, spentToday + 1);
  }
}

function spent(period: "run" | "day", limit: number): ConnectorError {
  const message = `the ${limit} media that may be read in one ${period} have been read`;
  return new ConnectorError("MEDIA_BUDGET_SPENT", message, { subject: period });
}
