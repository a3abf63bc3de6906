import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { readWhole } from "../kernel/http/bounded-body.ts";
import type { CircuitBreaker, CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import { headerText } from "../kernel/http/exchange.ts";
import type { HttpClient } from "../kernel/http/http-client.ts";
import type { HttpRequest } from "../kernel/http/http-request.ts";
import { boundedBody } from "../kernel/http/json-body.ts";
import { safeAddress } from "../kernel/util/url.ts";
import { type CallSubject, toSourceError } from "./json-list/source-error.ts";
import type { DownloadedMedia, MediaRequest } from "./memory-source.ts";
import { mediaName, saveMedia, tooLarge } from "./save-media.ts";
import {
  makeSourceBreaker,
  makeSourceHttp,
  type ServerKey,
  type ServerOptions,
  serverDefaults,
  wholeCallMs,
} from "./server-client.ts";

/** How the server of a source is asked; what is left out has its default. */
export interface SourceServerOptions extends Partial<ServerOptions> {
  url: string;
  /** Where the key comes from, in words, for hints; null for the settings themselves. */
  keyOrigin: string | null;
  /** Items that are asked for at once; left out, as many as the server gives. */
  pageSize?: number;
}

/** What is known of a kind of server, and its key. */
export interface ServerKind extends ServerKey {
  /** As people call it: `Joplin`. */
  title: string;
  /** As traces call it: `joplin`. */
  service: string;
  /** The setting that has the key. */
  keyName: string;
  /** What a refusal means here, where it is not what HTTP says: 403 for a wrong key. */
  refusals?: ReadonlyMap<number, ErrorCode>;
}

/** What is asked for. */
export interface Call {
  /** Segments below the address, each encoded for itself. */
  path: readonly string[];
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  method?: "GET" | "POST";
  /** What a 404 means; default: this is no such server. */
  notFound?: ErrorCode;
  /** What a call is about, for people; default: the server. */
  about?: string;
}

const maxConcurrent = 4;
/** A slower download is aborted. Bytes per second. */
const slowestDownload = 128 * 1024;

/**
 * The server of a source over HTTP, with limits, retries and a circuit breaker. What it throws is a `ConnectorError` with a code of
 * sources, in words that name the server; an abort passes through.
 */
export class SourceServer {
  readonly #options: SourceServerOptions & ServerOptions;
  readonly #kind: ServerKind;
  readonly #http: HttpClient;
  readonly #breaker: CircuitBreaker;
  #isClosed = false;

  constructor(options: SourceServerOptions, kind: ServerKind) {
    this.#options = { ...serverDefaults, maxConcurrent, ...options };
    this.#kind = kind;
    this.#breaker = makeSourceBreaker(this.#options);
    const { headers, secretQuery } = kind;
    const key = { ...(headers && { headers }), ...(secretQuery && { secretQuery }) };
    this.#http = makeSourceHttp(this.#options, key, this.#breaker, kind.service);
  }

  /** The server's address, without secrets. */
  get address(): string {
    return safeAddress(this.#options.url);
  }

  /** Whether the circuit to the server is open, since and until when, and why. */
  get circuit(): CircuitSnapshot {
    return this.#breaker.snapshot();
  }

  /** Calls `listener` whenever `circuit` changes its state; returns a function that stops it. */
  onCircuitChange(listener: (circuit: CircuitSnapshot) => void): () => void {
    return this.#breaker.onChange(listener);
  }

  /** The JSON of an answer; undefined for an empty one. */
  async json(call: Call, signal: AbortSignal): Promise<unknown> {
    const { body } = await this.#asking(call, signal, (request) => this.#http.json(request, signal));
    return body;
  }

  /** A short answer as text. */
  text(call: Call, signal: AbortSignal): Promise<string> {
    return this.#asking(call, signal, (request) =>
      this.#http.stream(
        { ...request, headers: { accept: "*/*" } },
        async (answer) => (await readWhole(boundedBody(answer, 64 * 1024))).toString("utf8"),
        signal,
      ),
    );
  }

  /** Streams a file of the server to `path`, as `saveMedia` does. */
  download(call: Call, request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const attemptTimeoutMs = this.#options.timeoutMs + (request.maxBytes / slowestDownload) * 1000;
    const totalTimeoutMs = wholeCallMs(attemptTimeoutMs, this.#options.maxRetries);
    const about = mediaName(request);
    return this.#asking({ notFound: "MEDIA_NOT_FOUND", about, ...call }, signal, (wire) =>
      this.#http.stream(
        { ...wire, headers: { accept: `${request.kind}/*` }, attemptTimeoutMs, totalTimeoutMs },
        async ({ headers, body }) => {
          if (Number(headerText(headers, "content-length") ?? 0) > request.maxBytes) throw tooLarge(request);
          const contentType = (headerText(headers, "content-type") ?? "").split(";")[0] ?? "";
          return {
            contentType: contentType.trim().toLowerCase(),
            bytes: await saveMedia(body, request, path),
          };
        },
        signal,
      ),
    );
  }

  /** Closes all connections; later calls fail. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#http.close();
  }

  async #asking<Result>(
    { path, query, method = "GET", notFound = "SOURCE_BAD_ANSWER", about }: Call,
    signal: AbortSignal,
    ask: (request: HttpRequest) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const { title, keyName, refusals } = this.#kind;
    const subject: CallSubject = {
      name: about ?? title,
      server: title,
      notFound,
      ...(refusals && { refusals }),
    };
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
    try {
      return await ask({ method, path, ...(query && { query }), retry: "transient" });
    } catch (error) {
      throw toSourceError(error, subject, {
        server: title,
        block: "source",
        keyName,
        keyOrigin: this.#options.keyOrigin,
      });
    }
  }
}
