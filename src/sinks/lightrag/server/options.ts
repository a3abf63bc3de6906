import type { AttemptObserver } from "../../../kernel/http/attempt-observer.ts";
import type { RetryPolicy } from "../../../kernel/http/retry-policy.ts";
import { type Clock, systemClock } from "../../../kernel/util/clock.ts";

/** How to reach a LightRAG server. All times are milliseconds. */
export interface LightRagApiOptions {
  url: string;
  /** Sent as `X-API-Key`. Used alone when there are a user name and a password as well. */
  apiKey?: string | undefined;
  /** A PEM file of certificate authorities trusted besides Node's own. */
  ca?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** The workspace that the server is expected to serve. Absent: any. */
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
  /** Failures in a row, whichever calls they were of. */
  failures: number;
  cooldownMs: number;
}

/** Waits that tests shorten. All times are milliseconds. */
export interface LightRagTiming {
  /** One attempt of a call. Default 60,000, and never more than `timeoutMs`. */
  attemptTimeoutMs: number;
  retry: RetryPolicy;
  /** Between two looks at something that is awaited. Default 250. */
  pollMs: number;
  /** How long an accepted document may be missing from the listings before it counts as lost. Default 30,000. */
  graceMs: number;
  /** How long an insert whose answer was lost is looked for. Default 10,000. */
  settleMs: number;
  /** How long `remove` waits for the pipeline and for the deletion. Default 300,000. */
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

/** How a run follows documents in a server. Milliseconds: it is idle for a moment between an acceptance and the work on it. */
export const serverPace = { quietMs: 5_000 };

/** How long a run looks for an insert whose answer was lost before it goes on without it. Milliseconds. */
export const runSettleMs = 3_000;

export function resolveOptions(options: LightRagApiOptions): ResolvedOptions {
  const { url, timeoutMs = 300_000, circuitBreaker = defaultCircuit } = options;
  const { clock = systemClock, random = Math.random } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const attemptTimeoutMs = Math.min(timing.attemptTimeoutMs, timeoutMs);
  return { url, timeoutMs, circuitBreaker, clock, random, ...timing, attemptTimeoutMs };
}
