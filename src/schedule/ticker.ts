import { isAbort } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";

export interface TickerOptions {
  clock: Clock;
  /** The longest sleep. A clock that was set is noticed within it, and it keeps timers far below their limit of 2^31 ms. */
  heartbeatMs: number;
  /** When the next tick is wanted, in milliseconds since the epoch; null when none is. */
  earliest: () => number | null;
  tick: () => void;
  /** A tick threw: a defect. The next one comes after a heartbeat. */
  onFailure: (error: unknown) => void;
}

/** One timer: it ticks when something is due, and at every heartbeat. */
export class Ticker {
  private readonly options: TickerOptions;
  private stopped = false;
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

  /** How long ago the last good tick was, in milliseconds: much more than a heartbeat means that nothing is served. */
  idleMs(): number {
    return this.options.clock.monotonic() - this.tickedAt;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.sleep.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopped) await this.rest(this.tick());
  }

  /** When the next tick is wanted. */
  private tick(): number | null {
    const { clock, tick, earliest, onFailure } = this.options;
    try {
      tick();
      this.tickedAt = clock.monotonic();
      return earliest();
    } catch (error) {
      onFailure(error);
      return null;
    }
  }

  private async rest(wantedAt: number | null): Promise<void> {
    const { clock, heartbeatMs } = this.options;
    const now = clock.now();
    this.wakesAt = Math.min(wantedAt ?? Number.POSITIVE_INFINITY, now + heartbeatMs);
    this.sleep = new AbortController();
    try {
      await clock.sleep(Math.max(1, this.wakesAt - now), this.sleep.signal);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }
}
