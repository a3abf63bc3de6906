import { isAbort } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";

export interface TickerOptions {
  clock: Clock;
  /** The longest sleep. A clock change is detected within it, and timers stay far below their limit of 2^31 ms. */
  heartbeatMs: number;
  /** When the next tick is due, in milliseconds since the epoch; null when none is. */
  earliest: () => number | null;
  tick: () => void;
  /** A tick threw, which is a bug. The next one follows after a heartbeat. */
  onFailure: (error: unknown) => void;
}

/** One timer: it ticks when something is due, and at every heartbeat. */
export class Ticker {
  readonly #options: TickerOptions;
  #stopped = false;
  #sleep = new AbortController();
  #wakesAt = Number.POSITIVE_INFINITY;
  #tickedAt: number;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: TickerOptions) {
    this.#options = options;
    this.#tickedAt = options.clock.monotonic();
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** The earliest due time changed, perhaps to one before the timer's wake-up. */
  wakeBy(dueAt: number | null): void {
    if (dueAt !== null && dueAt < this.#wakesAt) this.#sleep.abort();
  }

  /** Time since the last successful tick, in milliseconds: much more than a heartbeat means that nothing is served. */
  idleMs(): number {
    return this.#options.clock.monotonic() - this.#tickedAt;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sleep.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) await this.#sleepUntil(this.#tick());
  }

  /** When the next tick is due. */
  #tick(): number | null {
    const { clock, tick, earliest, onFailure } = this.#options;
    try {
      tick();
      this.#tickedAt = clock.monotonic();
      return earliest();
    } catch (error) {
      onFailure(error);
      return null;
    }
  }

  async #sleepUntil(wantedAt: number | null): Promise<void> {
    const { clock, heartbeatMs } = this.#options;
    const now = clock.now();
    this.#wakesAt = Math.min(wantedAt ?? Number.POSITIVE_INFINITY, now + heartbeatMs);
    this.#sleep = new AbortController();
    try {
      await clock.sleep(Math.max(1, this.#wakesAt - now), this.#sleep.signal);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }
}
