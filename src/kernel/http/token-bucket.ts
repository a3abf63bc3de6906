import type { Clock } from "../util/clock.ts";

export interface RateLimit {
  /** Calls per second in the long run. More than 0. */
  perSecond: number;
  /** Calls that may come at once after a rest. At least 1. */
  burst: number;
}

/**
 * A token bucket that hands out reservations: a caller takes its token immediately, possibly a future one, and learns how long to
 * wait for it. Callers are thus served in order without a queue. Pure: time is a parameter, in milliseconds that never go back.
 */
export class TokenBucket {
  readonly #limit: RateLimit;
  #tokens: number;
  #filledAt: number;

  constructor(limit: RateLimit, now: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAt = now;
  }

  /** Takes a token; returns the milliseconds until it may be used. */
  reserve(now: number): number {
    const grown = Math.max(0, now - this.#filledAt) * (this.#limit.perSecond / 1000);
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + grown) - 1;
    this.#filledAt = Math.max(this.#filledAt, now);
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / this.#limit.perSecond;
  }

  /** Gives back a token that was reserved and not used. */
  refund(): void {
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + 1);
  }
}

/** Limits callers to a rate. */
export class RateLimiter {
  readonly #bucket: TokenBucket;
  readonly #clock: Clock;

  constructor(limit: RateLimit, clock: Clock) {
    this.#bucket = new TokenBucket(limit, clock.monotonic());
    this.#clock = clock;
  }

  /** Resolves when the caller may proceed; an aborted wait returns its token. */
  async take(signal: AbortSignal): Promise<void> {
    const waitMs = this.#bucket.reserve(this.#clock.monotonic());
    if (waitMs === 0) return;
    try {
      await this.#clock.sleep(waitMs, signal);
    } catch (error) {
      this.#bucket.refund();
      throw error;
    }
  }
}
