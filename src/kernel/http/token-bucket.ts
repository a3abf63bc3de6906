import type { Clock } from "../util/clock.ts";
import { orAborted } from "./abort.ts";

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
  #limit: RateLimit;
  #tokens: number;
  #filledAt: number;

  constructor(limit: RateLimit, now: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAt = now;
  }

  /** From now on another limit holds; what has gathered beyond its burst is lost. */
  setLimit(limit: RateLimit, now: number): void {
    this.#fill(now);
    this.#limit = limit;
    this.#tokens = Math.min(this.#tokens, limit.burst);
  }

  /** Takes a token; returns the milliseconds until it may be used. */
  reserve(now: number): number {
    this.#fill(now);
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / this.#limit.perSecond;
  }

  #fill(now: number): void {
    const grown = Math.max(0, now - this.#filledAt) * (this.#limit.perSecond / 1000);
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + grown);
    this.#filledAt = Math.max(this.#filledAt, now);
  }

  /** Gives back a token that was reserved and not used. */
  refund(): void {
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + 1);
  }
}

/** The limiter of a server, which all its clients have together. */
export type LimiterOf = (server: string, limit: RateLimit) => RateLimiter;

/** Limits callers to a rate. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #bucket: TokenBucket;
  readonly #clock: Clock;
  /** Set while nobody may proceed: the part of a shared limit that is here is 0. */
  #closed: PromiseWithResolvers<void> | null = null;

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#bucket = new TokenBucket(limit, clock.monotonic());
    this.#clock = clock;
  }

  /** From now on so many calls per second; 0 for none. */
  setRate(perSecond: number): void {
    if (perSecond === 0) {
      this.#closed ??= Promise.withResolvers();
      return;
    }
    const burst = Math.max(1, Math.ceil((this.#limit.burst * perSecond) / this.#limit.perSecond));
    this.#bucket.setLimit({ perSecond, burst }, this.#clock.monotonic());
    this.#closed?.resolve();
    this.#closed = null;
  }

  /** Resolves when the caller may proceed; an aborted wait returns its token. */
  async take(signal: AbortSignal): Promise<void> {
    while (this.#closed !== null) await orAborted(this.#closed.promise, signal);
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
