import { CircuitBreaker, type CircuitSnapshot } from "../../kernel/http/circuit-breaker.ts";
import { headerText, type StreamedAnswer } from "../../kernel/http/exchange.ts";
import { HttpClient } from "../../kernel/http/http-client.ts";
import { HttpError } from "../../kernel/http/http-error.ts";
import { notJson } from "../../kernel/http/json-body.ts";
import { RateLimiter } from "../../kernel/http/token-bucket.ts";
import { charsetOf, isKnownCharset } from "../../kernel/util/decode/charset.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import type {
  DownloadedMedia,
  ListRequest,
  MediaRequest,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../memory-source.ts";
import { mediaName } from "../save-media.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import { mayHaveOddCap } from "./completeness.ts";
import { deferMalformed } from "./defer-malformed.ts";
import { listRange } from "./listing.ts";
import { toListingLore } from "./listing-lore.ts";
import type { ListQuery, RangeRequest } from "./listing-work.ts";
import { mediaTypes, saveAnswer } from "./media-file.ts";
import {
  type MemoryApiOptions,
  type MemoryApiSettings,
  memoryApiCapabilities,
  memoryApiDefaults,
} from "./memory-api-options.ts";
import { type MemoryList, readMemoryList } from "./memory-list.ts";
import { rangeOfScope } from "./query-range.ts";
import { type CallSubject, toSourceError, unknownCharset } from "./source-error.ts";

const maxConcurrent = 8;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** A slower download is aborted. Bytes per second. */
const slowestDownload = 128 * 1024;

/** What the client needs of an HTTP client. */
export type SourceHttp = Pick<HttpClient, "stream" | "close">;

/** The Memory API over HTTP. Source: the Memory API's OpenAPI document; design §4. */
export class MemoryApiClient implements MemorySource {
  readonly #options: MemoryApiOptions;
  readonly #http: SourceHttp;
  readonly #breaker: CircuitBreaker;
  #largestAnswer = 0;

  /** Uses HTTP, unless another transport is given. */
  constructor(settings: MemoryApiSettings, http?: SourceHttp) {
    this.#options = { ...memoryApiDefaults, ...settings };
    this.#breaker = makeBreaker(this.#options);
    this.#http = http ?? makeHttpClient(this.#options, this.#breaker);
  }

  /** Whether the circuit to the server is open, since and until when, and why. */
  get circuit(): CircuitSnapshot {
    return this.#breaker.snapshot();
  }

  /** Calls `listener` whenever `circuit` changes its state; returns a function that stops it. */
  onCircuitChange(listener: (circuit: CircuitSnapshot) => void): () => void {
    return this.#breaker.onChange(listener);
  }

  get capabilities(): SourceCapabilities {
    return memoryApiCapabilities(this.#options);
  }

  list({ contextId, scope, limit, lore }: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage> {
    const learnt = toListingLore(lore);
    const range = mayHaveOddCap(this.#options, learnt)
      ? "all"
      : rangeOfScope(scope, this.#options.clock.now());
    return this.listRange({ contextId, range, limit, lore: learnt }, signal);
  }

  /** The same in terms of the Memory API. */
  listRange(request: RangeRequest, signal: AbortSignal): AsyncIterable<MemoryPage> {
    let doubt: string | null = null;
    const ask = async (query: ListQuery) => {
      const list = await this.#ask(request.contextId, query, signal);
      // Other ranges are only asked to learn about the server.
      if (query.range === request.range) doubt ??= list.doubt;
      return list;
    };
    const server = { ask, largestAnswer: () => this.#largestAnswer };
    return deferMalformed(listRange(server, request, this.#options), () => doubt);
  }

  /** The API states neither its version nor the account of a key; a wrong key is refused. */
  async check(contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    await this.#ask(contextId, { range: "day", limit: 1 }, signal);
    const server = safeAddress(this.#options.url);
    return { server, version: null, account: null, capabilities: this.capabilities };
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const { contextId, memoryId, kind, maxBytes } = request;
    const attemptTimeoutMs = this.#options.timeoutMs + (maxBytes / slowestDownload) * 1000;
    const call = {
      method: "GET",
      path: ["memory", contextId, memoryId, kind],
      headers: { accept: mediaTypes[kind].join(", ") },
      attemptTimeoutMs,
      totalTimeoutMs: wholeCallMs(attemptTimeoutMs, this.#options.maxRetries),
    } as const;
    const subject = { name: mediaName(request), notFound: "MEDIA_NOT_FOUND" } as const;
    return this.#withSourceErrors(subject, () =>
      this.#http.stream(call, (answer) => saveAnswer(answer, request, path), signal),
    );
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #ask(contextId: string, query: ListQuery, signal: AbortSignal): Promise<MemoryList> {
    const { limit, range, position } = query;
    const subject = {
      name: `context ${JSON.stringify(contextId)}`,
      notFound: "SOURCE_CONTEXT_NOT_FOUND",
    } as const;
    const call = {
      method: "GET",
      path: ["memory", contextId],
      query: { limit, range, ...position },
    } as const;
    const cut: CutAnswers = { best: null };
    const list = await this.#withSourceErrors(subject, () =>
      this.#http
        .stream(call, (answer) => this.#readList(answer, subject, cut), signal)
        .catch((error: unknown) => {
          // Once no attempt brings more, what came before the break is better than nothing.
          if (cut.best === null || signal.aborted || !isBreak(error)) throw error;
          return cut.best;
        }),
    );
    this.#largestAnswer = Math.max(this.#largestAnswer, list.received);
    return list;
  }

  /** Throws for an answer that breaks off, so that the request is retried, and keeps the content of the longest one. */
  async #readList(answer: StreamedAnswer, subject: CallSubject, cut: CutAnswers): Promise<MemoryList> {
    const { charset: configured, maxItemBytes, maxAnswerBytes } = this.#options;
    const charset = configured ?? charsetOf(headerText(answer.headers, "content-type"));
    if (charset !== null && !isKnownCharset(charset)) throw unknownCharset(charset, subject, this.#options);
    const tooLarge = () => answer.failure("too-large", `answered with more than ${maxAnswerBytes} bytes`);
    let reason: unknown = null;
    const options = { head: answer, charset, maxItemBytes, maxHeldBytes: maxAnswerBytes, tooLarge };
    const list = await readMemoryList(answer.body, options, (broken) => {
      reason = broken;
    }).catch((error: unknown) => {
      throw error instanceof SyntaxError ? notJson(answer) : error;
    });
    if (list.isWhole) return list;
    if (list.received > (cut.best?.received ?? 0)) cut.best = list;
    throw reason ?? notJson(answer);
  }

  async #withSourceErrors<T>(subject: CallSubject, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toSourceError(error, subject, this.#options);
    }
  }
}

/** The longest answer that broke off. */
interface CutAnswers {
  best: MemoryList | null;
}

function isBreak(error: unknown): boolean {
  return error instanceof HttpError && ["network", "timeout", "not-json"].includes(error.failure);
}

/** Enough time for every attempt with a long wait after each. */
function wholeCallMs(attemptMs: number, maxRetries: number): number {
  return (maxRetries + 1) * (attemptMs + longestBackoffMs);
}

function makeBreaker({
  breakerThreshold,
  breakerOpenMs,
  maxRetries,
  clock,
}: MemoryApiOptions): CircuitBreaker {
  return new CircuitBreaker({
    // The retries of a single call never open the circuit by themselves.
    threshold: Math.max(breakerThreshold, maxRetries + 2),
    openMs: breakerOpenMs,
    isOutage: (error) => error instanceof HttpError && error.outage,
    clock,
  });
}

function makeHttpClient(options: MemoryApiOptions, breaker: CircuitBreaker): HttpClient {
  const { url, apiKey, timeoutMs, maxRetries, retryBackoff, maxAnswerBytes, rateLimit, clock, random } =
    options;
  return new HttpClient({
    baseUrl: url,
    traced: "memory_api",
    headers: { "X-API-KEY": apiKey },
    attemptTimeoutMs: timeoutMs,
    totalTimeoutMs: wholeCallMs(timeoutMs, maxRetries),
    maxBodyBytes: maxAnswerBytes,
    maxConcurrent,
    retry: { maxRetries, baseMs: firstBackoffMs, multiplier: retryBackoff, capMs: longestBackoffMs },
    limiter: new RateLimiter(rateLimit, clock),
    breaker,
    clock,
    random,
    onAttempt: options.onAttempt,
    ca: options.ca,
  });
}
