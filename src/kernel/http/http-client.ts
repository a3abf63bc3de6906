/// <reference path="./undici.d.ts" />
import type { IncomingHttpHeaders } from "node:http";
import { bulkhead } from "cockatiel";
import type { buildConnector } from "undici";
// Its index loads every kind of client that it has: 80 ms and 15 MB at each start.
import Pool from "undici/lib/dispatcher/pool.js";
import { currentTracer } from "../tracing/span.ts";
import type { Clock } from "../util/clock.ts";
import { cancellation, throughGate, withDeadline } from "./abort.ts";
import { type AttemptObserver, beginAttempt, observeAttempt } from "./attempt-observer.ts";
import { authoritiesWith } from "./authorities.ts";
import { type CircuitBreaker, CircuitOpen } from "./circuit-breaker.ts";
import { exchange, type StreamedAnswer } from "./exchange.ts";
import { HttpError } from "./http-error.ts";
import { type HttpRequest, shownRequest, toWireRequest, type WireRequest } from "./http-request.ts";
import { InFlightCalls } from "./in-flight-calls.ts";
import { readJson } from "./json-body.ts";
import { withRetries } from "./retry-loop.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { RateLimiter } from "./token-bucket.ts";

export interface HttpClientOptions {
  /** Base URL of every request. Its path and query are kept. */
  baseUrl: string;
  /** Sent with every request; the place for a key. */
  headers?: Readonly<Record<string, string>>;
  /** Sent with every request as parameters of its address, and shown nowhere: a key, where a server takes it only there. */
  secretQuery?: Readonly<Record<string, string>>;
  /** From connecting to the last byte of the body. Milliseconds. */
  attemptTimeoutMs: number;
  /** For a call, all attempts and waits included. Milliseconds. */
  totalTimeoutMs: number;
  /** Limit of a response body. `stream` leaves the limit to its consumer. */
  maxBodyBytes: number;
  /** Maximum of concurrent requests; others queue without using up their attempt's time. */
  maxConcurrent: number;
  retry: RetryPolicy;
  clock: Clock;
  /** A number in [0, 1), for the jitter. */
  random: () => number;
  /** May be shared by clients of one server. */
  limiter?: RateLimiter;
  /** May be shared by clients of one server. */
  breaker?: CircuitBreaker;
  /** Opens the connections, where not every address may be reached; it has its own time limit. */
  connector?: buildConnector.connector;
  /** A PEM file of certificate authorities that are trusted besides Node's own. */
  ca?: string | undefined;
  /** Called after every attempt that was sent. */
  onAttempt?: AttemptObserver | undefined;
  /**
   * The name of the server in traces. Without it, attempts have no spans and carry no `traceparent`, whose ids are nobody's business
   * but that of servers which the person has chosen to work with.
   */
  traced?: string | undefined;
  /** Calls may take long and are paid for, so that a shutdown waits for them too: they are not tracked as calls under way. */
  thinksLong?: true;
}

export interface JsonAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The parsed body; undefined when it was empty. */
  body: unknown;
}

/**
 * HTTP to one server. Each attempt of a call passes rate limiter, circuit breaker and concurrency limit in this order, then has
 * `attemptTimeoutMs`; transient failures are retried within `totalTimeoutMs` (`retry-policy.ts`). A permanent failure is thrown as
 * an `HttpError`; an abort rejects with an AbortError or `CANCELLED`. The constructor throws `CA_UNREADABLE`.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #baseUrl: URL;
  readonly #pool: Pool;
  readonly #slots;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#baseUrl = new URL(options.baseUrl);
    this.#slots = bulkhead(options.maxConcurrent, Number.POSITIVE_INFINITY);
    this.#pool = new Pool(this.#baseUrl.origin, {
      connections: options.maxConcurrent,
      connectTimeout: Math.min(options.attemptTimeoutMs, 10_000),
      ...connecting(options),
      // The attempt's own deadline covers both, even when bytes trickle in.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
  }

  /** Sends a request and reads the response as JSON. */
  json(request: HttpRequest, signal: AbortSignal): Promise<JsonAnswer> {
    return this.stream(request, (answer) => this.#readJson(answer), signal);
  }

  /**
   * Sends a request and hands the response to `consume` while the body is still arriving. `consume` runs once per attempt and must
   * start from scratch each time.
   */
  stream<T>(
    request: HttpRequest,
    consume: (answer: StreamedAnswer) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const call = () => this.#stream(request, consume, signal);
    return this.#options.thinksLong ? call() : InFlightCalls.count(call);
  }

  /** Closes all connections immediately. */
  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #stream<T>(
    request: HttpRequest,
    consume: (answer: StreamedAnswer) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { headers = {}, secretQuery } = this.#options;
    const wire = toWireRequest(this.#baseUrl, headers, request, secretQuery);
    const budgetMs = request.totalTimeoutMs ?? this.#options.totalTimeoutMs;
    const { retry: policy, clock, random, onAttempt: observer, traced } = this.#options;
    const tracer = traced === undefined ? null : currentTracer();
    let sent = 0;
    const attempt = async (within: AbortSignal) => {
      await request.beforeAttempt?.();
      const span = beginAttempt(tracer, { wire, service: traced ?? "", resends: sent++ });
      const told = span === null ? wire : { ...wire, headers: { ...wire.headers, ...span.headers } };
      return observeAttempt({ method: request.method, clock, observer, span, signal }, (answered) =>
        this.#attempt(told, request, (answer) => consume(answered(answer)), within),
      );
    };
    const mode = request.retry ?? (request.method === "GET" ? "transient" : "undelivered");
    const waitsWhenOpen = request.whenOpen === "wait";
    try {
      return await withDeadline(budgetMs, signal, outOfTime(wire, budgetMs), (within) =>
        withRetries(
          () => this.#admitted(wire, () => attempt(within), within),
          { policy, mode, waitsWhenOpen, budgetMs, clock, random },
          within,
        ),
      );
    } catch (error) {
      throw signal.aborted ? cancellation(signal) : error;
    }
  }

  async #admitted<T>(wire: WireRequest, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { limiter, breaker } = this.#options;
    const inSlot = () => throughGate(this.#slots, attempt, signal);
    await limiter?.take(signal);
    if (breaker === undefined) return inSlot();
    try {
      return await breaker.run(inSlot, signal);
    } catch (error) {
      throw error instanceof CircuitOpen ? circuitOpen(wire, error) : error;
    }
  }

  #attempt<T>(
    wire: WireRequest,
    request: HttpRequest,
    consume: (answer: StreamedAnswer) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const timeoutMs = request.attemptTimeoutMs ?? this.#options.attemptTimeoutMs;
    const now = () => this.#options.clock.now();
    const accept = request.accept ?? isSuccess;
    return withDeadline(timeoutMs, signal, outOfTime(wire, timeoutMs), (within) =>
      exchange(wire, consume, { dispatcher: this.#pool, accept, now, signal: within }),
    );
  }

  async #readJson(answer: StreamedAnswer): Promise<JsonAnswer> {
    const body = await readJson(answer, this.#options.maxBodyBytes);
    return { status: answer.status, headers: answer.headers, body };
  }
}

function connecting({ connector, ca }: HttpClientOptions): Pick<Pool.Options, "connect"> {
  if (connector !== undefined) return { connect: connector };
  return ca === undefined ? {} : { connect: { ca: authoritiesWith(ca) } };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function outOfTime(wire: WireRequest, ms: number): () => HttpError {
  return () => new HttpError("timeout", `did not finish within ${ms} ms`, shownRequest(wire));
}

function circuitOpen(wire: WireRequest, open: CircuitOpen): HttpError {
  const details = { ...shownRequest(wire), retryAfterMs: open.retryAfterMs, cause: open };
  return new HttpError("circuit-open", "was not sent: the server failed too often", details);
}
