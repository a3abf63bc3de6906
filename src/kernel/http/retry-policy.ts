import type { HttpError } from "./http-error.ts";

export interface RetryPolicy {
  /** Attempts after the first. 0 never retries. */
  maxRetries: number;
  /** Upper bound of the first wait. Milliseconds. */
  baseMs: number;
  /** Each further bound is this many times the one before. At least 1. */
  multiplier: number;
  /** No backoff is longer than this. Milliseconds. */
  capMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxRetries: 3, baseMs: 500, multiplier: 2, capMs: 30_000 };

/**
 * Which failures of a request are retried:
 * - `transient`   every transient failure; for idempotent requests
 * - `undelivered` only failures that prove that the server has not received the request; for inserts
 * - `never`
 */
export type RetryMode = "transient" | "undelivered" | "never";

/** Whether this failure is retried in this mode. */
export function mayRetry(error: HttpError, mode: RetryMode): boolean {
  if (mode === "never" || !error.transient) return false;
  return mode === "transient" || error.undelivered;
}

/**
 * The wait before attempt `attempt + 1`, in milliseconds: exponential with full jitter, so that callers that failed together do not
 * retry together.
 * @param attempt how many attempts have failed, from 1
 * @param random  a number in [0, 1)
 */
export function backoffMs(attempt: number, policy: RetryPolicy, random: number): number {
  const bound = Math.min(policy.capMs, policy.baseMs * policy.multiplier ** (attempt - 1));
  return Math.floor(random * bound);
}

/** The server's `Retry-After` overrides the backoff, unless it says "now": a server in trouble is not hammered. */
export function waitBeforeRetryMs(
  error: HttpError,
  attempt: number,
  policy: RetryPolicy,
  random: () => number,
): number {
  return error.retryAfterMs || backoffMs(attempt, policy, random());
}
