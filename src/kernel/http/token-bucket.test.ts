import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { RateLimiter, TokenBucket } from "./token-bucket.ts";

describe("token bucket", () => {
  it("lets a burst through and then keeps the rate", () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    expect([0, 0, 0, 0, 0].map((now) => bucket.reserve(now))).toEqual([0, 0, 0, 100, 200]);
  });

  it("fills up again while nobody calls, up to the burst", () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, 0);
    bucket.reserve(0);
    bucket.reserve(0);
    expect([60_000, 60_000, 60_000].map((now) => bucket.reserve(now))).toEqual([0, 0, 100]);
  });

  it("never lets more than burst + rate × time through, in any window", () => {
    const limits = fc.record({
      perSecond: fc.integer({ min: 1, max: 50 }),
      burst: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(limits, fc.array(fc.nat(500), { minLength: 1, maxLength: 60 }), (limit, gaps) => {
        const bucket = new TokenBucket(limit, 0);
        let now = 0;
        const starts = gaps.map((gap) => {
          now += gap;
          return now + bucket.reserve(now);
        });
        for (const from of starts) {
          for (const to of starts.filter((start) => start >= from)) {
            const inside = starts.filter((start) => start >= from && start <= to).length;
            expect(inside).toBeLessThanOrEqual(limit.burst + ((to - from) * limit.perSecond) / 1000 + 1e-6);
          }
        }
      }),
    );
  });

  it("gives the place of an aborted wait to the next caller", async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, clock);
    await limiter.take(AbortSignal.timeout(1_000));
    await expect(limiter.take(AbortSignal.abort())).rejects.toThrow();
    await limiter.take(new AbortController().signal);
    expect(clock.sleeps).toEqual([1_000]);
  });
});
