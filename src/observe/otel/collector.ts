import type { ISerializer } from "@opentelemetry/otlp-transformer";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { readWhole } from "../../kernel/http/bounded-body.ts";
import { headerText } from "../../kernel/http/exchange.ts";
import { HttpClient } from "../../kernel/http/http-client.ts";
import { boundedBody } from "../../kernel/http/json-body.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { shortened } from "../../kernel/util/text.ts";
import { safeUrl } from "../../kernel/util/url.ts";
import type { OtelConfig } from "./settings.ts";

/** The only statuses after which OTLP allows another attempt. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Bytes. */
const maxAnswerBytes = 1024 * 1024;
/** Of what a collector says about what it refused. */
const longestMessage = 200;

export interface CollectorOptions {
  config: Pick<OtelConfig, "endpoint" | "headers" | "ca" | "timeoutMs">;
  clock: Clock;
  /** Told once when the collector stops to take traces or metrics, and once when it takes them again. */
  tell: (level: "info" | "warn", message: string) => void;
}

/** What is sent, each to a path of its own: a collector may take the one and not the other. */
type Signal = "traces" | "metrics";

/** What both services answer. */
interface Answer {
  partialSuccess?: { errorMessage?: string; rejectedSpans?: number; rejectedDataPoints?: number };
}

/** Delivers telemetry to a collector by OTLP over HTTP. Its own requests are in no trace. */
export class Collector {
  readonly #http: HttpClient;
  readonly #options: CollectorOptions;
  readonly #closing = new AbortController();
  readonly #failing = new Set<Signal>();
  readonly #underWay = new Map<Promise<boolean>, Signal>();

  /** Throws `CA_UNREADABLE`. */
  constructor(options: CollectorOptions) {
    const { clock, config } = options;
    const { endpoint, headers, ca, timeoutMs } = config;
    this.#options = options;
    this.#http = new HttpClient({
      baseUrl: endpoint,
      headers,
      ca: ca ?? undefined,
      attemptTimeoutMs: timeoutMs,
      totalTimeoutMs: timeoutMs,
      maxBodyBytes: maxAnswerBytes,
      maxConcurrent: 2,
      // All of it within the time that an end waits: what was wrong can then be told.
      retry: { maxRetries: 3, baseMs: 300, multiplier: 2, capMs: 5000 },
      // A delivery may begin in a run, which must not be taken for one that waits for its servers.
      thinksLong: true,
      clock,
      random: Math.random,
    });
  }

  /** Resolves to whether the collector took them. Never rejects: whoever is measured has nothing to do with it. */
  deliver<Items>(signal: Signal, items: Items, serializer: ISerializer<Items, unknown>): Promise<boolean> {
    const delivery = this.#deliver(signal, items, serializer);
    this.#underWay.set(delivery, signal);
    return delivery.finally(() => this.#underWay.delete(delivery));
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.keys());
  }

  /** Ends what is under way. */
  close(): Promise<void> {
    for (const signal of this.#underWay.values()) this.#failed(signal, "it has not answered in time");
    this.#closing.abort();
    return this.#http.close();
  }

  async #deliver<Items>(
    signal: Signal,
    items: Items,
    serializer: ISerializer<Items, unknown>,
  ): Promise<boolean> {
    try {
      const body = serializer.serializeRequest(items);
      if (body === undefined) return true;
      this.#worked(signal, answerIn(await this.#send(signal, body), serializer));
      return true;
    } catch (thrown) {
      this.#failed(signal, reasonOf(thrown));
      return false;
    }
  }

  async #send(signal: Signal, body: Uint8Array): Promise<Received> {
    const received = await this.#http.stream(
      {
        method: "POST",
        path: ["v1", signal],
        raw: { type: "application/x-protobuf", body },
        headers: { accept: "application/x-protobuf" },
        accept: (status) => !retryable.has(status),
        retry: "transient",
      },
      async (answer) => ({
        status: answer.status,
        type: headerText(answer.headers, "content-type")?.split(";")[0]?.trim().toLowerCase() ?? "",
        body: await readWhole(boundedBody(answer, maxAnswerBytes)),
      }),
      this.#closing.signal,
    );
    if (received.status > 299) throw new Error(`it answered ${received.status}`);
    return received;
  }

  #worked(signal: Signal, { partialSuccess = {} }: Answer): void {
    const { rejectedSpans = 0, rejectedDataPoints = 0, errorMessage = "" } = partialSuccess;
    if (Number(rejectedSpans) + Number(rejectedDataPoints) > 0)
      this.#failed(signal, `it refused a part of them: ${shortened(errorMessage, longestMessage)}`);
    else if (this.#failing.delete(signal))
      this.#options.tell("info", `${signal} reach the collector at ${this.#address} again`);
  }

  #failed(signal: Signal, reason: string): void {
    if (this.#failing.has(signal) || this.#closing.signal.aborted) return;
    this.#failing.add(signal);
    const where = `the collector at ${this.#address}`;
    this.#options.tell(
      "warn",
      `${signal} do not reach ${where}: ${reason}; work goes on without them${this.#hint}`,
    );
  }

  get #address(): string {
    return safeUrl(new URL(this.#options.config.endpoint));
  }

  /** The most common mistake. */
  get #hint(): string {
    const isGrpc = new URL(this.#options.config.endpoint).port === "4317";
    return isGrpc ? " (4317 is the port of OTLP over gRPC; over HTTP it is 4318)" : "";
  }
}

interface Received {
  status: number;
  /** Media type; empty where none was said. */
  type: string;
  body: Uint8Array;
}

/** What a collector says of what it took: as Protobuf, or as JSON, which some answer whatever they were sent. Throws `COLLECTOR_NOT_OTLP`. */
function answerIn({ status, type, body }: Received, serializer: ISerializer<never, unknown>): Answer {
  try {
    if (type !== "application/json")
      return serializer.deserializeResponse(body as Uint8Array<ArrayBuffer>) as Answer;
    const json: unknown = JSON.parse(new TextDecoder().decode(body) || "{}");
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  } catch {
    // A page, or nothing of this kind.
  }
  const what = type === "" ? "what is no OTLP" : `${shortened(type, 100)}, which is no OTLP`;
  throw new ConnectorError("COLLECTOR_NOT_OTLP", `it answered ${status} with ${what}`);
}

function reasonOf(thrown: unknown): string {
  if (isConnectorError(thrown, "COLLECTOR_NOT_OTLP")) return thrown.format();
  return thrown instanceof Error ? thrown.message : String(thrown);
}
