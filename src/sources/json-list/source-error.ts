import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { CircuitOpen, describeOpenCircuit } from "../../kernel/http/circuit-breaker.ts";
import { HttpError, type HttpFailure } from "../../kernel/http/http-error.ts";

/** What the failed call was about. */
export interface CallSubject {
  /** For people: `context "CTX41"`. */
  name: string;
  /** What a 404 means here. */
  notFound: ErrorCode;
  /** Whose server was called. Default: the Memory API. */
  server?: string;
  /** What other refusals mean here, where it is not what HTTP says: 403 for a wrong key. */
  refusals?: ReadonlyMap<number, ErrorCode>;
}

const failureCodes: Record<Exclude<HttpFailure, "status" | "unsendable" | "circuit-open">, ErrorCode> = {
  connect: "SOURCE_UNREACHABLE",
  network: "SOURCE_UNREACHABLE",
  tls: "SOURCE_TLS",
  timeout: "SOURCE_TIMEOUT",
  redirect: "SOURCE_REDIRECTED",
  "too-large": "SOURCE_ANSWER_TOO_LARGE",
  "not-json": "SOURCE_BAD_ANSWER",
};

/** The block of the configuration that a source is built from: the shared one, or the connector's own. */
export type SettingsBlock = "memory_api" | "source";

/** What messages need to know of the source. */
export interface SourceWords {
  /** Its name: `the Memory API`. */
  server: string;
  block: SettingsBlock;
  /** Where the key comes from, in words; null for the settings themselves. */
  keyOrigin: string | null;
  /** The setting that has the key. Default `api_key`. */
  keyName?: string;
}

/** Which settings to check, by the names that they have in this configuration. */
const hints: Partial<Record<ErrorCode, Record<SettingsBlock, string>>> = {
  SOURCE_UNAUTHORIZED: {
    memory_api: "check memory_api.api_key, or MEMORY_API_KEY in the environment",
    source: "check the connector's source.api_key, or the variable that it comes from",
  },
  SOURCE_REDIRECTED: {
    memory_api: "set memory_api.url to the address that the message names, if it is the right one",
    source: "set the connector's source.url to the address that the message names, if it is the right one",
  },
  SOURCE_CHARSET_UNKNOWN: {
    memory_api: "set memory_api.charset to what the text is in, for example utf-8",
    source: "set the connector's source.charset to what the text is in, for example utf-8",
  },
};

function hintFor(code: ErrorCode, { block, keyOrigin, keyName = "api_key" }: SourceWords): { hint?: string } {
  if (code === "SOURCE_UNAUTHORIZED" && keyOrigin !== null)
    return { hint: `correct the key: it comes from ${keyOrigin}` };
  const hint = hints[code]?.[block]?.replace("api_key", keyName);
  return hint === undefined ? {} : { hint };
}

/** The answer's charset is not supported. */
export function unknownCharset(charset: string, subject: CallSubject, settings: SourceWords): ConnectorError {
  const message = `${subject.name}: the answer is said to be in "${charset.slice(0, 40)}", a charset that is not known`;
  const code = "SOURCE_CHARSET_UNKNOWN";
  return new ConnectorError(code, message, { subject: subject.name, ...hintFor(code, settings) });
}

/** Gives a failed HTTP call the code and the words of the source; anything but an `HttpError` is returned unchanged. */
export function toSourceError(thrown: unknown, subject: CallSubject, settings: SourceWords): unknown {
  if (!(thrown instanceof HttpError)) return thrown;
  const code = codeOf(thrown, subject);
  return new ConnectorError(code, messageOf(thrown, subject, settings), {
    subject: subject.name,
    ...hintFor(code, settings),
    cause: thrown,
    ...(thrown.status === undefined ? {} : { status: thrown.status }),
    ...(thrown.retryAfterMs === undefined ? {} : { retryAfterMs: thrown.retryAfterMs }),
  });
}

function codeOf({ failure, status = 0 }: HttpError, subject: CallSubject): ErrorCode {
  if (failure === "unsendable") return subject.notFound;
  if (failure === "circuit-open") return "SOURCE_BREAKER_OPEN";
  return failure === "status" ? statusCode(status, subject) : failureCodes[failure];
}

function statusCode(status: number, subject: CallSubject): ErrorCode {
  const own = subject.refusals?.get(status);
  if (own !== undefined) return own;
  if (status === 401) return "SOURCE_UNAUTHORIZED";
  if (status === 403) return "SOURCE_FORBIDDEN";
  if (status === 404) return subject.notFound;
  if (status === 408) return "SOURCE_TIMEOUT";
  if (status === 425 || status === 429) return "SOURCE_RATE_LIMITED";
  return status >= 500 ? "SOURCE_UNAVAILABLE" : "SOURCE_REFUSED";
}

function messageOf(error: HttpError, subject: CallSubject, { server }: SourceWords): string {
  if (error.cause instanceof CircuitOpen) {
    return `${subject.name}: ${describeOpenCircuit(subject.server ?? server, error.cause.snapshot)}`;
  }
  const attempts = error.attempts > 1 ? ` (${error.attempts} attempts)` : "";
  // The body of a refusal says what is wrong; the request carries nothing private that it could repeat.
  const words =
    error.status === 400 || error.status === 422 ? `: ${withoutTrace(error.bodyExcerpt ?? "")}` : "";
  return `${subject.name}: ${error.message}${attempts}${words}`;
}

/** Some servers add their stack trace, as further lines of a JSON string. */
function withoutTrace(words: string): string {
  return words.replace(/(?:\\n|\s)+(?:Error: .*|at \S+ \(.*)$/u, " …");
}
