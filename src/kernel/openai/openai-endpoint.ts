import { readWhole } from "../http/bounded-body.ts";
import type { StreamedAnswer } from "../http/exchange.ts";
import { HttpClient } from "../http/http-client.ts";
import { HttpError } from "../http/http-error.ts";
import type { HttpRequest } from "../http/http-request.ts";
import { boundedBody, toUtf8 } from "../http/json-body.ts";
import { defaultRetryPolicy, type RetryPolicy } from "../http/retry-policy.ts";
import { inSpan } from "../tracing/span.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { decodeUtf8 } from "../util/decode/utf8.ts";
import { classifyByWords } from "./classify-failure.ts";
import { modelCall, usageOf } from "./model-span.ts";
import { modelError, type RequestContext } from "./openai-error.ts";
import { type ReportedError, reportedError } from "./reported-error.ts";

/** An OpenAI-compatible endpoint: OpenAI itself, Ollama, vLLM, LM Studio and many more. */
export interface OpenAiEndpointSettings {
  /** With the version, for example `https://api.openai.com/v1` or `http://127.0.0.1:11434/v1`. */
  baseUrl: string;
  model: string;
  /** Sent as a bearer token; local endpoints need none. */
  apiKey?: string | undefined;
  /** Requests at a time. Default 4. */
  concurrency?: number | undefined;
  /** For one attempt. Milliseconds, default 240,000. */
  timeoutMs?: number | undefined;
  retry?: RetryPolicy | undefined;
  clock?: Clock | undefined;
  /** A number in [0, 1), for the jitter of retries. Default `Math.random`. */
  random?: (() => number) | undefined;
}

const defaultConcurrency = 4;
const defaultTimeoutMs = 240_000;
const maxAnswerBytes = 64 * 1024 * 1024;

/** One endpoint; its failures become `MODEL_*` errors. */
export class OpenAiEndpoint {
  readonly model: string;
  readonly #url: URL;
  readonly #http: HttpClient;
  readonly #secrets: readonly string[];

  constructor(settings: OpenAiEndpointSettings) {
    const { retry = defaultRetryPolicy, timeoutMs = defaultTimeoutMs, apiKey } = settings;
    this.model = settings.model;
    this.#url = new URL(settings.baseUrl);
    this.#secrets = apiKey ? [apiKey] : [];
    this.#http = new HttpClient({
      thinksLong: true,
      traced: "model",
      baseUrl: settings.baseUrl,
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      attemptTimeoutMs: timeoutMs,
      totalTimeoutMs: (timeoutMs + retry.capMs) * (retry.maxRetries + 1),
      maxBodyBytes: maxAnswerBytes,
      maxConcurrent: settings.concurrency ?? defaultConcurrency,
      retry,
      clock: settings.clock ?? systemClock,
      random: settings.random ?? Math.random,
    });
  }

  /** Model and host, for messages and cache keys. */
  get name(): string {
    return `${this.model}@${this.#url.host}`;
  }

  /** Sends JSON. `beforeAttempt` is awaited before each request, repeated ones included; what it throws ends the call. */
  post(
    path: readonly string[],
    json: object,
    signal: AbortSignal,
    beforeAttempt?: HttpRequest["beforeAttempt"],
  ): Promise<unknown> {
    return this.#send({ method: "POST", path, json, beforeAttempt }, JSON.stringify(json), signal);
  }

  /** Sends a form that may hold files, as `multipart/form-data`. */
  async postForm(
    path: readonly string[],
    form: FormData,
    signal: AbortSignal,
    beforeAttempt?: HttpRequest["beforeAttempt"],
  ): Promise<unknown> {
    const encoded = new Response(form);
    const type = encoded.headers.get("content-type") ?? "";
    const raw = { type, body: await encoded.bytes() };
    return this.#send({ method: "POST", path, raw, beforeAttempt }, "", signal);
  }

  /** Requests to a model are idempotent, so every transient failure is retried. */
  #send(request: HttpRequest, text: string, signal: AbortSignal): Promise<unknown> {
    const asked = { secrets: this.#secrets, text };
    const read = (answer: StreamedAnswer) => readModelAnswer(answer, maxAnswerBytes, asked);
    return inSpan(modelCall(request.path, this.model, this.#url), async (span) => {
      try {
        const answer = await this.#http.stream({ ...request, retry: "transient" }, read, signal);
        span?.set(usageOf(answer));
        return answer;
      } catch (error) {
        throw modelError(error, this.name, asked);
      }
    });
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}

const excerptCharacters = 500;

/**
 * The JSON of an accepted response. An error inside one, sent with status 200, is thrown as if it had the status that it names, so
 * that it is retried, classified and shown like any other. The body is decoded in its declared charset; undecodable bytes are
 * refused and lone surrogates dropped, so that no character replaces another. Throws `HttpError`.
 */
async function readModelAnswer(
  answer: StreamedAnswer,
  maxBytes: number,
  asked: RequestContext,
): Promise<unknown> {
  const bytes = toUtf8(await readWhole(boundedBody(answer, maxBytes)), answer);
  const decoded = decodeUtf8(bytes);
  const text = decoded ?? bytes.toString("utf8");
  // Text with replacement characters is not what the model said; an error in it still says whose fault it is.
  const body = decoded === null ? undefined : (parsed(text) ?? errorEvent(text));
  if (body === undefined) throw withExcerpt(answer.failure("not-json", "answered with no JSON"), text);
  const spoken = reportedError(body, asked.secrets);
  if (spoken === undefined) return body;
  throw withExcerpt(
    answer.failure("status", "answered with an error"),
    JSON.stringify(body),
    meant(spoken, asked.text),
  );
}

/** A body that is JSON with content: an empty body and `null` are no answer. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, writtenHalf.test(text) ? withoutHalves : undefined) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A lone surrogate, written as a JSON escape: models that stop in the middle of a character leave one behind. */
const writtenHalf = /\\u[dD][89a-fA-F]/;

function withoutHalves(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "") : value;
}

/** The error event of a stream. Streams are never requested, but some routers send their errors as one. */
function errorEvent(text: string): unknown {
  const events = text
    .split("\n")
    .flatMap((line) => (line.startsWith("data:") ? [parsed(line.slice(5))] : []));
  return events.find((event) => reportedError(event, []) !== undefined);
}

const statusOf: ReadonlyMap<string | undefined, number> = new Map([
  ["MODEL_BUSY", 429],
  ["MODEL_QUOTA", 402],
]);

/** The status that the error should have had. */
function meant(spoken: ReportedError, asked: string): number | undefined {
  return spoken.status ?? statusOf.get(classifyByWords(spoken, asked));
}

function withExcerpt(error: HttpError, text: string, status = error.status): HttpError {
  const { method, url } = error;
  return new HttpError(error.failure, `answered ${status}`, {
    method,
    url,
    status,
    bodyExcerpt: text.slice(0, excerptCharacters),
  });
}
