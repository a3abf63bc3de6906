import type { AttemptObserver } from "../../kernel/http/attempt-observer.ts";
import type { RateLimit } from "../../kernel/http/token-bucket.ts";
import { type Clock, systemClock } from "../../kernel/util/clock.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { ListingOptions } from "./listing-work.ts";
import { defaultMaxItemBytes } from "./memory-list.ts";
import type { SettingsBlock } from "./source-error.ts";

export interface MemoryApiOptions extends ListingOptions {
  /** Base URL; the paths of the contract are relative to it. */
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
  /** Consecutive failed attempts after which the circuit opens. */
  breakerThreshold: number;
  /** How long the circuit stays open. Milliseconds. */
  breakerOpenMs: number;
  /** The most that is held of a listing's answer. Bytes. */
  maxAnswerBytes: number;
  /** A larger item of a listing is malformed. Bytes. */
  maxItemBytes: number;
  /** The charset of listings, overriding their Content-Type; null to use it. */
  charset: string | null;
  /** Where its settings stand, for hints. */
  block: SettingsBlock;
  /** Where the key comes from, in words, for hints; null for the settings themselves. */
  keyOrigin: string | null;
  clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  random: () => number;
  /** Called for every attempt of a request. */
  onAttempt?: AttemptObserver | undefined;
}

/** Defaults. */
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
  block: "memory_api",
  keyOrigin: null,
  clock: systemClock,
  random: Math.random,
} as const satisfies Omit<MemoryApiOptions, "url" | "apiKey">;

/** Required settings; the rest has defaults. */
export type MemoryApiSettings = Pick<MemoryApiOptions, "url" | "apiKey"> & Partial<MemoryApiOptions>;

/** A list is one answer, unless the server is known to page. Ranges count back from the server's clock. */
export function memoryApiCapabilities({
  paging,
  serverCap,
}: Pick<ListingOptions, "paging" | "serverCap">): SourceCapabilities {
  const isCapped = typeof serverCap === "number" && paging === "none";
  return {
    consistency: paging === "none" ? "snapshot" : "drifting",
    since: { by: "event", isReliable: true },
    deletes: "diff",
    complete: isCapped ? { cappedAt: serverCap } : "yes",
    identity: "refusal",
    media: ["audio", "image"],
  };
}
