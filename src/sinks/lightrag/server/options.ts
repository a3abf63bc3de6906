import type { AttemptObserver } from "../../../kernel/http/attempt-observer.ts";
import type { RetryPolicy } from "../../../kernel/http/retry-policy.ts";
import { type Clock, systemClock } from "../../../kernel/util/clock.ts";

/** How to reach a LightRAG server. All times are milliseconds. */
export interface LightRagApiOptions {
  url: string;
  /** Sent as `X-API-Key`. Takes precedence over a user name and password. */
  apiKey?: string | undefined;
  /** Where the key comes from, in words, for hints; null or absent for the settings themselves. */
  keyOrigin?: string | null | undefined;
  /** A PEM file of certificate authorities trusted besides Node's own. */
  ca?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** The expected workspace of the server. Absent: any. */
  workspace?: string | undefined;
  /** For one call with all its attempts and waits. Default 300,000. */
  timeoutMs?: number | undefined;
  /** When the circuit opens, and for how long. Default: after 10 consecutive failures, for 10,000 ms. */
  circuitBreaker?: LightRagCircuit | undefined;
  timing?: Partial<LightRagTiming> | undefined;
  clock?: Clock | undefined;
  /** A number in [0, 1), for the jitter of retries. Default `Math.random`. */
  random?: (() => number) | undefined;
  /** Called after every attempt of a request. */
  onAttempt?: AttemptObserver | undefined;
}

export interface LightRagCircuit {
  /** Consecutive failures of any calls. */
  failures: number;
  cooldownMs: number;
}

/** Waiting times, which tests shorten. All times are milliseconds. */
export interface LightRagTiming {
  /** One attempt of a call. Default 60,000, and never more than `timeoutMs`. */
  attemptTimeoutMs: number;
  retry: RetryPolicy;
  /** Interval of polling. Default 250. */
  pollMs: number;
  /** Grace period in which an accepted document may be missing from the listings before it counts as lost. Default 30,000. */
  graceMs: number;
  /** How long the outcome of an insert whose answer was lost is looked up. Default 10,000. */
  settleMs: number;
  /** How long `remove` waits for the pipeline and the deletion. Default 300,000. */
  removeMs: number;
}

export interface ResolvedOptions extends LightRagTiming {
  url: string;
  timeoutMs: number;
  circuitBreaker: LightRagCircuit;
  clock: Clock;
  random: () => number;
}

const defaultCircuit: LightRagCircuit = { failures: 10, cooldownMs: 10_000 };

/** With 7 retries some 15 seconds on average: the time in which a LightRAG server restarts. */
export const lightRagRetry: RetryPolicy = { maxRetries: 7, baseMs: 500, multiplier: 2, capMs: 10_000 };

const defaultTiming: LightRagTiming = {
  attemptTimeoutMs: 60_000,
  retry: lightRagRetry,
  pollMs: 250,
  graceMs: 30_000,
  settleMs: 10_000,
  removeMs: 300_000,
};

/** How a run polls documents in a server. Milliseconds. A server is idle for a moment between an acceptance and its processing. */
export const serverPolling = { quietMs: 5_000 };

/** How long a run looks up an insert whose answer was lost before it continues without it. Milliseconds. */
export const runSettleMs = 3_000;

export function resolveOptions(options: LightRagApiOptions): ResolvedOptions {
  const { url, timeoutMs = 300_000, circuitBreaker = defaultCircuit } = options;
  const { clock = systemClock, random = Math.random } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const attemptTimeoutMs = Math.min(timing.attemptTimeoutMs, timeoutMs);
  return { url, timeoutMs, circuitBreaker, clock, random, ...timing, attemptTimeoutMs };
}
