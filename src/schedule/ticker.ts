import { isAbort } from "../errors/connector-error.ts";
import type { Clock } from "../util/clock.ts";

export interface TickerOptions {
  clock: Clock;
  /** The longest sleep. A clock that was set is noticed within it, and it keeps timers far below their limit of 2^31 ms. */
  heartbeatMs: number;
  /** When the next tick is wanted, in milliseconds since the epoch; null when none is. */
  earliest: () => number | null;
  tick: () => void;
}

/** One timer: it ticks when something is due, and at every heartbeat. */
export class Ticker {
  private readonly options: TickerOptions;
  private readonly stopped = new AbortController();
  private sleep = new AbortController();
  private wakesAt = Number.POSITIVE_INFINITY;
  private tickedAt: number;
  private loop: Promise<void> = Promise.resolve();

  constructor(options: TickerOptions) {
    this.options = options;
    this.tickedAt = options.clock.monotonic();
  }

  start(): void {
    this.loop = this.run();
  }

  /** The earliest due time changed, perhaps to one that comes sooner than the timer would wake. */
  wakeBy(dueAt: number | null): void {
    if (dueAt !== null && dueAt < this.wakesAt) this.sleep.abort();
  }

  /** How long ago the last tick was, in milliseconds: much more than a heartbeat means that nothing is served. */
  idleMs(): number {
    return this.options.clock.monotonic() - this.tickedAt;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { clock, tick } = this.options;
    while (!this.stopped.signal.aborted) {
      this.tickedAt = clock.monotonic();
      tick();
      await this.rest();
    }
  }

  private async rest(): Promise<void> {
    const { clock, heartbeatMs, earliest } = this.options;
    const now = clock.now();
    this.wakesAt = Math.min(earliest() ?? Number.POSITIVE_INFINITY, now + heartbeatMs);
    this.sleep = new AbortController();
    try {
      const signal = AbortSignal.any([this.stopped.signal, this.sleep.signal]);
      await clock.sleep(Math.max(1, this.wakesAt - now), signal);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }
}
