import type { AttemptObserver } from "../kernel/http/attempt-observer.ts";
import { CircuitBreaker } from "../kernel/http/circuit-breaker.ts";
import { HttpClient } from "../kernel/http/http-client.ts";
import { HttpError } from "../kernel/http/http-error.ts";
import { type RateLimit, RateLimiter } from "../kernel/http/token-bucket.ts";
import { type Clock, systemClock } from "../kernel/util/clock.ts";

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;

/** How the server of a source is asked. */
export interface ServerOptions {
  /** Base URL. */
  url: string;
  /** A PEM file of certificate authorities that are trusted besides Node's own. */
  ca?: string | null | undefined;
  /** For one attempt, headers and body. Milliseconds. */
  timeoutMs: number;
  /** Attempts after the first. */
  maxRetries: number;
  /** Each wait's bound is this many times the one before. */
  retryBackoff: number;
  /** Requests per second to this server, all connectors together. */
  rateLimit: RateLimit;
  /** What limits them, where other clients ask the same server; left out, this client alone by `rateLimit`. */
  limiter?: RateLimiter | undefined;
  /** Consecutive failed attempts after which the circuit opens. */
  breakerThreshold: number;
  /** How long the circuit stays open. Milliseconds. */
  breakerOpenMs: number;
  /** The most that is held of a listing's answer. Bytes. */
  maxAnswerBytes: number;
  /** Requests at the same time. */
  maxConcurrent: number;
  clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  random: () => number;
  /** Called for every attempt of a request. */
  onAttempt?: AttemptObserver | undefined;
}

/** Defaults. */
export const serverDefaults = {
  timeoutMs: 30_000,
  maxRetries: 3,
  retryBackoff: 2,
  rateLimit: { perSecond: 10, burst: 10 },
  breakerThreshold: 10,
  breakerOpenMs: 60_000,
  maxAnswerBytes: 64 * 1024 * 1024,
  maxConcurrent: 8,
  clock: systemClock,
  random: Math.random,
} as const satisfies Omit<ServerOptions, "url">;

/** The key as it is sent: headers, or parameters of the address, which are shown nowhere. */
export interface ServerKey {
  headers?: Readonly<Record<string, string>>;
  secretQuery?: Readonly<Record<string, string>>;
}

/** Enough time for every attempt with a long wait after each. Milliseconds. */
export function wholeCallMs(attemptMs: number, maxRetries: number): number {
  return (maxRetries + 1) * (attemptMs + longestBackoffMs);
}

export function makeSourceBreaker({
  breakerThreshold,
  breakerOpenMs,
  maxRetries,
  clock,
}: ServerOptions): CircuitBreaker {
  return new CircuitBreaker({
    // The retries of a single call never open the circuit by themselves.
    threshold: Math.max(breakerThreshold, maxRetries + 2),
    openMs: breakerOpenMs,
    isOutage: (error) => error instanceof HttpError && error.outage,
    clock,
  });
}

/** A client of the source's server, named `traced` in traces. */
export function makeSourceHttp(
  options: ServerOptions,
  key: ServerKey,
  breaker: CircuitBreaker,
  traced: string,
): HttpClient {
  const {
    url,
    timeoutMs,
    maxRetries,
    retryBackoff,
    maxAnswerBytes,
    maxConcurrent,
    rateLimit,
    clock,
    random,
  } = options;
  return new HttpClient({
    baseUrl: url,
    traced,
    ...key,
    attemptTimeoutMs: timeoutMs,
    totalTimeoutMs: wholeCallMs(timeoutMs, maxRetries),
    maxBodyBytes: maxAnswerBytes,
    maxConcurrent,
    retry: { maxRetries, baseMs: firstBackoffMs, multiplier: retryBackoff, capMs: longestBackoffMs },
    limiter: options.limiter ?? new RateLimiter(rateLimit, clock),
    breaker,
    clock,
    random,
    onAttempt: options.onAttempt,
    ca: options.ca ?? undefined,
  });
}
