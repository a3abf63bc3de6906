import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HttpError, type HttpFailure, httpFailures } from "./http-error.ts";
import { backoffMs, mayRetry, type RetryPolicy, waitBeforeRetryMs } from "./retry-policy.ts";

const policies = fc.record<RetryPolicy>({
  maxRetries: fc.nat(20),
  baseMs: fc.integer({ min: 1, max: 60_000 }),
  multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
  capMs: fc.integer({ min: 1, max: 600_000 }),
});
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const justBelowOne = 1 - Number.EPSILON;

function failed(failure: HttpFailure, details: { status?: number; retryAfterMs?: number } = {}): HttpError {
  return new HttpError(failure, "failed", { method: "GET", url: "http://source", ...details });
}

describe("backoff", () => {
  it("is never negative, never above the cap, and finite for any number of attempts", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 100_000 }), randoms, (policy, attempt, random) => {
        const wait = backoffMs(attempt, policy, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(policy.capMs);
      }),
    );
  });

  it("has a bound that never shrinks from one attempt to the next", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 1_000 }), (policy, attempt) => {
        const [first, second] = [attempt, attempt + 1].map((n) => backoffMs(n, policy, justBelowOne));
        expect(second).toBeGreaterThanOrEqual(first ?? Number.NaN);
      }),
    );
  });

  it("grows by the multiplier until the cap and spreads over everything below", () => {
    const policy = { maxRetries: 9, baseMs: 100, multiplier: 3, capMs: 1_000 };
    expect([1, 2, 3, 4].map((n) => backoffMs(n, policy, 0.5))).toEqual([50, 150, 450, 500]);
    expect(backoffMs(3, policy, 0)).toBe(0);
  });

  it("gives way to the server's Retry-After, but not to one that says at once", () => {
    const policy = { maxRetries: 9, baseMs: 100, multiplier: 3, capMs: 1_000 };
    const half = () => 0.5;
    expect(waitBeforeRetryMs(failed("status", { status: 429, retryAfterMs: 9_000 }), 1, policy, half)).toBe(
      9_000,
    );
    expect(waitBeforeRetryMs(failed("status", { status: 429, retryAfterMs: 0 }), 1, policy, half)).toBe(50);
  });
});

describe("what is retried", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("a %i is", (status) => {
    expect(mayRetry(failed("status", { status }), "transient")).toBe(true);
  });

  it.each([400, 401, 403, 404, 409, 410, 422])("a %i is not", (status) => {
    expect(mayRetry(failed("status", { status }), "transient")).toBe(false);
  });

  it("connections that fail, time-outs and cut answers are; certificates, redirects and endless bodies are not", () => {
    const retried = Object.keys(httpFailures).filter((failure) =>
      mayRetry(failed(failure as HttpFailure), "transient"),
    );
    expect(retried).toEqual(["connect", "network", "timeout", "not-json"]);
  });

  it("of an insert, only what proves that it never arrived is", () => {
    const retried = Object.keys(httpFailures).filter((failure) =>
      mayRetry(failed(failure as HttpFailure), "undelivered"),
    );
    expect(retried).toEqual(["connect"]);
    expect(mayRetry(failed("status", { status: 503 }), "undelivered")).toBe(false);
  });

  it("nothing is when the caller says never", () => {
    expect(mayRetry(failed("connect"), "never")).toBe(false);
  });
});
