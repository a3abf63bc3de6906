/**
 * What can go wrong in an exchange, and what follows from it.
 * - `transient`: the same request may succeed later.
 * - `delivered`: `no` means that the server cannot have acted on the request, so even an insert may be sent again.
 */
export const httpFailures = {
  /** A path segment that no URL can express, see `http-request.ts`. No such resource can exist on the server. */
  unsendable: { transient: false, delivered: "no" },
  /** No connection was established: refused, unknown host, no route, connect timeout. */
  connect: { transient: true, delivered: "no" },
  /** No secure connection: the certificate was refused, or the server does not speak TLS. Waiting does not help. */
  tls: { transient: false, delivered: "no" },
  /** The connection broke after it was established: reset, closed in the middle, not HTTP. */
  network: { transient: true, delivered: "maybe" },
  /** The attempt or the whole call ran out of its time budget. */
  timeout: { transient: true, delivered: "maybe" },
  /** A status that the caller does not accept; `transientStatus` decides. */
  status: { transient: false, delivered: "yes" },
  /** A redirect that must not be followed, see `exchange.ts`. */
  redirect: { transient: false, delivered: "yes" },
  /** The body is longer than the caller allows. */
  "too-large": { transient: false, delivered: "yes" },
  /** The body is not JSON, or JSON that was cut; often a proxy's error page. */
  "not-json": { transient: true, delivered: "yes" },
  /** The circuit breaker is open: nothing was sent. */
  "circuit-open": { transient: false, delivered: "no" },
} as const satisfies Record<string, { transient: boolean; delivered: "no" | "maybe" | "yes" }>;

export type HttpFailure = keyof typeof httpFailures;

export interface HttpErrorDetails {
  method: string;
  /** Without user info and with secret query values masked, see `safeUrl`. */
  url: string;
  status?: number | undefined;
  /** From `Retry-After`, or the time until the open circuit lets a call through. */
  retryAfterMs?: number | undefined;
  /**
   * The start of the response body, bounded, with the caller's header values masked. It may quote the request (a 422 of FastAPI
   * does), so it must not appear in messages or logs as a whole.
   */
  bodyExcerpt?: string | undefined;
  cause?: unknown;
}

/** A failed HTTP call. Adapters translate it into a `ConnectorError` with a code of their own. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly failure: HttpFailure;
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly bodyExcerpt: string | undefined;
  /** Attempts of the call, this one included; 0 when nothing was sent. */
  attempts = 1;

  constructor(failure: HttpFailure, what: string, details: HttpErrorDetails) {
    super(
      `${details.method} ${details.url} ${what}`,
      details.cause === undefined ? {} : { cause: details.cause },
    );
    this.failure = failure;
    this.method = details.method;
    this.url = details.url;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.bodyExcerpt = details.bodyExcerpt;
  }

  /** Whether the same request may succeed later. */
  get transient(): boolean {
    return this.status !== undefined && this.failure === "status"
      ? transientStatus(this.status)
      : httpFailures[this.failure].transient;
  }

  /** True when the server cannot have acted on the request. */
  get undelivered(): boolean {
    return httpFailures[this.failure].delivered === "no";
  }

  /** Whether the server is down or failing. 429 (too many requests) is the response of a healthy server. */
  get outage(): boolean {
    return this.transient && this.status !== 429;
  }
}

/** 408 request timeout, 425 too early, 429 too many requests, and every error of the server or of a proxy. */
export function transientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599);
}

const connectCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const tlsCode =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|HOSTNAME_MISMATCH)/;

/** True for the codes of Node and OpenSSL that mean that no secure connection was established. */
export function isTlsCode(code: string): boolean {
  return tlsCode.test(code);
}

/** Error codes of Node and undici for a request that never reached the network: it was invalid. */
const defectCodes = new Set([
  "ERR_INVALID_CHAR",
  "ERR_INVALID_HTTP_TOKEN",
  "ERR_HTTP_INVALID_HEADER_VALUE",
  "UND_ERR_INVALID_ARG",
]);

/** True for an error that is a bug in this program and not a network failure. */
export function isDefect(thrown: unknown): thrown is Error {
  return thrown instanceof Error && defectCodes.has(errorCode(thrown));
}

/** Classifies an error of undici or of a socket by its code, in terms of the table above. */
export function networkFailure(thrown: unknown): { failure: HttpFailure; reason: string } {
  const code = errorCode(thrown);
  if (connectCodes.has(code)) return { failure: "connect", reason: `could not connect (${code})` };
  if (isTlsCode(code)) return { failure: "tls", reason: `could not make a secure connection (${code})` };
  return { failure: "network", reason: `the connection broke (${code})` };
}

function errorCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "unknown";
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.name;
}
