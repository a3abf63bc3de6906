import type { AttemptObserver } from "../../kernel/http/attempt-observer.ts";
import type { RateLimit } from "../../kernel/http/token-bucket.ts";
import { type Clock, systemClock } from "../../kernel/util/clock.ts";
import type { ListingOptions } from "./listing-work.ts";
import { defaultMaxItemBytes } from "./memory-list.ts";

export interface MemoryApiOptions extends ListingOptions {
  /** Base URL; the paths of the contract go below it. */
  url: string;
  /** Sent as `X-API-KEY`. */
  apiKey: string;
  /** A PEM file of certificate authorities that are trusted besides Node's own. */
  ca?: string | undefined;
  /** For one attempt, headers and body. Milliseconds. */
  timeoutMs: number;
  /** Attempts after the first. */
  maxRetries: number;
  /** Each wait's bound is this many times the one before. */
  retryBackoff: number;
  /** Requests per second to this server, all connectors together. */
  rateLimit: RateLimit;
  /** Failed attempts in a row after which the server is left alone. */
  breakerThreshold: number;
  /** How long it is left alone. Milliseconds. */
  breakerOpenMs: number;
  /** More is not held of a listing's answer. Bytes. */
  maxAnswerBytes: number;
  /** An item of a listing that is larger is malformed. Bytes. */
  maxItemBytes: number;
  /** What listings are written in, whatever their Content-Type says; null to believe it. */
  charset: string | null;
  clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  random: () => number;
  /** Hears of every attempt of a request. */
  onAttempt?: AttemptObserver | undefined;
}

/** What holds for everything that is not set. */
export const memoryApiDefaults = {
  timeoutMs: 30_000,
  maxRetries: 3,
  retryBackoff: 2,
  maxLimit: 10_000,
  serverCap: "unknown",
  paging: "none",
  rateLimit: { perSecond: 10, burst: 10 },
  breakerThreshold: 10,
  breakerOpenMs: 60_000,
  maxAnswerBytes: 64 * 1024 * 1024,
  maxItemBytes: defaultMaxItemBytes,
  charset: null,
  clock: systemClock,
  random: Math.random,
} as const satisfies Omit<MemoryApiOptions, "url" | "apiKey">;

/** What must be set; the rest has defaults. */
export type MemoryApiSettings = Pick<MemoryApiOptions, "url" | "apiKey"> & Partial<MemoryApiOptions>;
