import type { CircuitBreaker, CircuitSnapshot } from "../../kernel/http/circuit-breaker.ts";
import type { StreamedAnswer } from "../../kernel/http/exchange.ts";
import { conditionsOf, type MediumMark, markIn } from "../../kernel/http/medium-mark.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import { askList, type SourceHttp } from "../json-list/ask-list.ts";
import { deferMalformed } from "../json-list/defer-malformed.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import { type CallSubject, toSourceError } from "../json-list/source-error.ts";
import type {
  DownloadedMedia,
  ListRequest,
  MediaMarks,
  MediaRequest,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../memory-source.ts";
import { mediaName } from "../save-media.ts";
import { makeSourceBreaker, makeSourceHttp, wholeCallMs } from "../server-client.ts";
import type { MediaKind, SourceCapabilities } from "../source-capabilities.ts";
import { mayHaveOddCap } from "./completeness.ts";
import { listRange } from "./listing.ts";
import { toListingLore } from "./listing-lore.ts";
import type { ListQuery, RangeRequest } from "./listing-work.ts";
import { saveAnswer } from "./media-file.ts";
import {
  type MemoryApiOptions,
  type MemoryApiSettings,
  memoryApiCapabilities,
  memoryApiDefaults,
} from "./memory-api-options.ts";
import { memoryApiFormat } from "./parse-memory.ts";
import { rangeOfScope } from "./query-range.ts";

/** A slower download is aborted. Bytes per second. */
const slowestDownload = 128 * 1024;

const acceptOf = (kind: MediaKind) => `${kind}/*, */*;q=0.1`;
const okay = 200;
const notModified = 304;
/** Not changed; not there; gone; and a server that knows no HEAD. */
const answersWithoutMark: ReadonlySet<number> = new Set([notModified, 404, 410, 405, 501]);

const memoryApiWords = { server: "the Memory API" };

/** The Memory API over HTTP. Source: the Memory API's OpenAPI document; design §4. */
export class MemoryApiClient implements MemorySource {
  readonly #options: MemoryApiOptions;
  readonly #http: SourceHttp;
  readonly #breaker: CircuitBreaker;
  #largestAnswer = 0;

  /** Uses HTTP, unless another transport is given. */
  constructor(settings: MemoryApiSettings, http?: SourceHttp) {
    this.#options = { ...memoryApiDefaults, ...settings };
    this.#breaker = makeSourceBreaker(this.#options);
    this.#http =
      http ??
      makeSourceHttp(
        this.#options,
        { headers: { "X-API-KEY": this.#options.apiKey } },
        this.#breaker,
        "memory_api",
      );
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
      headers: { accept: acceptOf(kind) },
      attemptTimeoutMs,
      totalTimeoutMs: wholeCallMs(attemptTimeoutMs, this.#options.maxRetries),
    } as const;
    const subject = { name: mediaName(request), notFound: "MEDIA_NOT_FOUND" } as const;
    return this.#withSourceErrors(subject, () =>
      this.#http.stream(call, (answer) => saveAnswer(answer, request, path), signal),
    );
  }

  readonly mediaMarks: MediaMarks = {
    isRemote: true,
    of: (request, known, signal) => this.#markOf(request, known, signal),
  };

  /**
   * A condition on a tag or a date spares the bytes; of a server that does not heed it no more than the headers is read. Where a length is all that
   * is known, the headers alone are asked for.
   */
  #markOf(request: MediaRequest, known: MediumMark, signal: AbortSignal): Promise<MediumMark | null> {
    const { contextId, memoryId, kind } = request;
    const conditions = conditionsOf(known);
    const isLengthAll = known.bytes !== undefined && Object.keys(conditions).length === 0;
    const call = {
      method: isLengthAll ? "HEAD" : "GET",
      path: ["memory", contextId, memoryId, kind],
      headers: { ...conditions, accept: acceptOf(kind) },
      retry: "undelivered",
      accept: (status: number) => status < 300 || answersWithoutMark.has(status),
    } as const;
    const read = async ({ status, headers }: Pick<StreamedAnswer, "status" | "headers">) => {
      if (status === notModified) return known;
      return status === okay ? markIn(headers) : null;
    };
    return this.#withSourceErrors({ name: mediaName(request), notFound: "MEDIA_NOT_FOUND" }, () =>
      this.#http.stream(call, read, signal),
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
    const list = await this.#withSourceErrors(subject, () =>
      askList(
        this.#http,
        call,
        subject,
        { ...this.#options, ...memoryApiWords, format: memoryApiFormat },
        signal,
      ),
    );
    this.#largestAnswer = Math.max(this.#largestAnswer, list.received);
    return list;
  }

  async #withSourceErrors<T>(subject: CallSubject, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toSourceError(error, subject, { ...this.#options, ...memoryApiWords });
    }
  }
}
