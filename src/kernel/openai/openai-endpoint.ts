import type { StreamedAnswer } from "../http/exchange.ts";
import { HttpClient } from "../http/http-client.ts";
import type { HttpRequest } from "../http/http-request.ts";
import { defaultRetryPolicy, type RetryPolicy } from "../http/retry-policy.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { modelError } from "./openai-error.ts";
import { readModelAnswer } from "./read-model-answer.ts";

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
  readonly #host: string;
  readonly #http: HttpClient;
  readonly #secrets: readonly string[];

  constructor(settings: OpenAiEndpointSettings) {
    const { retry = defaultRetryPolicy, timeoutMs = defaultTimeoutMs, apiKey } = settings;
    this.model = settings.model;
    this.#host = new URL(settings.baseUrl).host;
    this.#secrets = apiKey ? [apiKey] : [];
    this.#http = new HttpClient({
      thinksLong: true,
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
    return `${this.model}@${this.#host}`;
  }

  /** Sends JSON. */
  post(path: readonly string[], json: object, signal: AbortSignal): Promise<unknown> {
    return this.#send({ method: "POST", path, json }, JSON.stringify(json), signal);
  }

  /** Sends a form that may hold files, as `multipart/form-data`. */
  async postForm(path: readonly string[], form: FormData, signal: AbortSignal): Promise<unknown> {
    const encoded = new Response(form);
    const type = encoded.headers.get("content-type") ?? "";
    return this.#send({ method: "POST", path, raw: { type, body: await encoded.bytes() } }, "", signal);
  }

  /** Requests to a model are idempotent, so every transient failure is retried. */
  async #send(request: HttpRequest, text: string, signal: AbortSignal): Promise<unknown> {
    const asked = { secrets: this.#secrets, text };
    try {
      const read = (answer: StreamedAnswer) => readModelAnswer(answer, maxAnswerBytes, asked);
      return await this.#http.stream({ ...request, retry: "transient" }, read, signal);
    } catch (error) {
      throw modelError(error, this.name, asked);
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
