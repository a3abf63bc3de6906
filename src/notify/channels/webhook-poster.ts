import type { BlockList } from "node:net";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError, isAbort } from "../../kernel/errors/connector-error.ts";
import { readExcerpt } from "../../kernel/http/bounded-body.ts";
import { HttpClient } from "../../kernel/http/http-client.ts";
import { HttpError, transientStatus } from "../../kernel/http/http-error.ts";
import { retryAfterMs } from "../../kernel/http/retry-after.ts";
import { defaultRetryPolicy } from "../../kernel/http/retry-policy.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { maskSecrets } from "../../kernel/util/url.ts";
import { version } from "../../version.ts";
import { guardedConnector, PrivateAddressError, type Resolve } from "../guarded-connector.ts";

export interface WebhookPosterOptions {
  channelId: string;
  /** Secret as a whole: the path is often a key. */
  url: string;
  /** Secrets besides the URL to mask in responses. */
  secrets?: readonly string[];
  /** Allowed addresses besides public ones. */
  allowed: BlockList;
  clock: Clock;
  /** For one attempt, from connecting to the end of the response. Milliseconds. */
  timeoutMs: number;
  /** Default: the system's resolver. */
  resolve?: Resolve | undefined;
}

interface Answer {
  status: number;
  excerpt: string;
  retryAfterMs: number | undefined;
}

/** Posts bodies to one URL, once each: the outbox retries. Follows no redirects. */
export class WebhookPoster {
  readonly #options: WebhookPosterOptions;
  readonly #secrets: readonly string[];
  readonly #client: HttpClient;

  constructor(options: WebhookPosterOptions) {
    const { url, secrets = [], allowed, clock, timeoutMs, resolve } = options;
    this.#options = options;
    this.#secrets = [...secrets, ...urlSecrets(url)];
    this.#client = new HttpClient({
      baseUrl: url,
      headers: { "user-agent": `memory-connector/${version}`, accept: "*/*" },
      attemptTimeoutMs: timeoutMs,
      totalTimeoutMs: timeoutMs,
      maxBodyBytes: 0,
      maxConcurrent: 1,
      retry: { ...defaultRetryPolicy, maxRetries: 0 },
      clock,
      random: Math.random,
      connector: guardedConnector(allowed, timeoutMs, resolve),
    });
  }

  /** Resolves to the response, for people. Throws `CHANNEL_*`. */
  async post(json: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
    const answer = await this.#exchange(json, headers, signal);
    const said = `answered ${answer.status}${answer.excerpt === "" ? "" : `: ${answer.excerpt}`}`;
    if (answer.status >= 200 && answer.status <= 299) return said;
    throw this.#error(codeOf(answer.status), said, {
      status: answer.status,
      ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #exchange(json: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) {
    const raw = { type: "application/json", body: Buffer.from(json) };
    const { clock } = this.#options;
    try {
      return await this.#client.stream(
        { method: "POST", path: [], headers, raw, accept: () => true, retry: "never" },
        async ({ status, headers: { "retry-after": after, date }, body }): Promise<Answer> => ({
          status,
          excerpt: maskSecrets(await readExcerpt(body), this.#secrets).slice(0, 200),
          retryAfterMs: retryAfterMs(after, date, clock.now()) ?? undefined,
        }),
        signal,
      );
    } catch (thrown) {
      throw this.#failure(thrown);
    }
  }

  #failure(thrown: unknown): unknown {
    if (isAbort(thrown) || !(thrown instanceof HttpError)) return thrown;
    const { cause } = thrown;
    if (cause instanceof PrivateAddressError)
      return this.#error("CHANNEL_ADDRESS_PRIVATE", `leads to ${cause.address}`);
    const code = thrown.failure === "tls" ? "CHANNEL_INSECURE" : "CHANNEL_UNREACHABLE";
    return this.#error(code, reasonOf(thrown));
  }

  /** Without the URL's path, and without the cause, whose message would contain it. */
  #error(
    code: ErrorCode,
    what: string,
    details: { status?: number; retryAfterMs?: number } = {},
  ): ConnectorError {
    const { channelId, url } = this.#options;
    const message = `channel "${channelId}": ${new URL(url).host} ${what}`;
    return new ConnectorError(code, message, { subject: channelId, ...details });
  }
}

/** Statuses that blame the body, not the address or the sender. */
const aboutTheBody: ReadonlySet<number> = new Set([400, 406, 411, 413, 415, 422]);

function codeOf(status: number): ErrorCode {
  if (status >= 300 && status <= 399) return "CHANNEL_REDIRECTED";
  if (transientStatus(status)) return "CHANNEL_UNREACHABLE";
  return aboutTheBody.has(status) ? "CHANNEL_REFUSED" : "CHANNEL_DENIED";
}

/** The message of an `HttpError` without method and URL. */
function reasonOf({ message, method, url }: HttpError): string {
  return message.slice(`${method} ${url} `.length);
}

/**
 * The parts of a webhook URL that may be a key, in every form in which a receiver could quote them, longest first: login, path and
 * its segments, query and its values. Only the receiver knows which of them is the key.
 */
export function urlSecrets(url: string): string[] {
  const { username, password, pathname, search, searchParams } = new URL(url);
  const login = [username, password].map(decoded);
  const parts = [
    ...login,
    Buffer.from(login.join(":"), "utf8").toString("base64"),
    `${pathname}${search}`,
    pathname,
    ...pathname.split("/"),
    search,
    ...searchParams.values(),
  ];
  const forms = parts.flatMap((part) => [part, decoded(part), encodeURIComponent(part)]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
