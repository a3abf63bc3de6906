import { safeUrl } from "../util/url.ts";
import { HttpError } from "./http-error.ts";
import type { RetryMode } from "./retry-policy.ts";

export interface HttpRequest {
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments below the base URL, each encoded for itself: `["documents", "track_status", id]`. None: the base URL as it is. */
  path: readonly string[];
  /**
   * Instead of base URL and path: an address at the server, such as a link in an answer. One of another origin is unsendable, for the
   * key would go there.
   */
  address?: string;
  /** Entries that are undefined are left out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Added to the client's own; the same name replaces. */
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent form-encoded; not together with `json`. */
  form?: Readonly<Record<string, string>>;
  /** Sent as it is, under its content type; not together with `json` or `form`. */
  raw?: { type: string; body: Uint8Array };
  /** Statuses that are not errors. Default: 200 to 299. */
  accept?: (status: number) => boolean;
  /** Default: `transient` for GET, `undelivered` for everything else. */
  retry?: RetryMode;
  /**
   * While the circuit is open: `fail` immediately, or `wait` until it lets a call through; a wait counts as an attempt. Default `fail`.
   */
  whenOpen?: "fail" | "wait";
  /** Awaited before each attempt, the first included, for whoever counts what is paid for. What it throws ends the call. */
  beforeAttempt?: (() => Promise<void>) | undefined;
  /** Instead of the client's. Milliseconds. */
  attemptTimeoutMs?: number;
  /** Instead of the client's; covers every attempt and every wait. Milliseconds. */
  totalTimeoutMs?: number;
}

/** A request as it is sent. */
export interface WireRequest {
  method: HttpRequest["method"];
  url: URL;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  /** Names of parameters of the address that are shown nowhere. */
  secretNames: readonly string[];
}

/** A request as messages may show it. */
export function shownRequest({ method, url, secretNames }: WireRequest): { method: string; url: string } {
  return { method, url: safeUrl(url, secretNames) };
}

/** Combines base URL, default headers and a request. The base URL's own path and query are kept. */
export function toWireRequest(
  base: URL,
  defaults: Readonly<Record<string, string>>,
  request: HttpRequest,
  secretQuery: Readonly<Record<string, string>> = {},
): WireRequest {
  const { type, body } = encodeBody(request);
  const headers: Record<string, string> = {
    accept: "application/json",
    "accept-encoding": "identity",
    ...(type === null ? {} : { "content-type": type }),
    ...loginOf(base),
    ...lowerCaseNames(defaults),
    ...lowerCaseNames(request.headers ?? {}),
  };
  const query = { ...secretQuery, ...request.query };
  const url = requestUrl(base, { ...request, query });
  return { method: request.method, url, headers, body, secretNames: Object.keys(secretQuery) };
}

/** The login in a URL is sent as Basic (RFC 7617), unless the client has an `authorization` of its own. */
export function loginOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const login = Buffer.from(`${decoded(username)}:${decoded(password)}`, "utf8");
  return { authorization: `Basic ${login.toString("base64")}` };
}

/** A `%` that starts no escape sequence stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function requestUrl(base: URL, request: HttpRequest): URL {
  const url = addressed(base, request);
  if (request.path.some(changesPath)) {
    const what = `cannot name ${JSON.stringify(request.path.find(changesPath))} in its path`;
    throw new HttpError("unsendable", what, { method: request.method, url: safeUrl(base) });
  }
  const segments = request.path.map((segment) => encodeURIComponent(segment.toWellFormed()));
  if (segments.length > 0) url.pathname = [url.pathname.replace(/\/+$/, ""), ...segments].join("/");
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function addressed(base: URL, { method, address }: HttpRequest): URL {
  if (address === undefined) return new URL(base);
  const url = URL.parse(address, base.href);
  if (url?.origin === base.origin) return url;
  const what = "was not sent: the address that the server gave leads to another server, or is none";
  throw new HttpError("unsendable", what, { method, url: safeUrl(base) });
}

/** URLs cannot express an empty segment, `.` or `..`, even encoded: they would name another resource. */
function changesPath(segment: string): boolean {
  return /^\.{0,2}$/.test(segment);
}

function encodeBody(request: HttpRequest): { type: string | null; body: WireRequest["body"] } {
  if (request.raw !== undefined) return request.raw;
  if (request.json !== undefined) return { type: "application/json", body: JSON.stringify(request.json) };
  if (request.form === undefined) return { type: null, body: null };
  return { type: "application/x-www-form-urlencoded", body: new URLSearchParams(request.form).toString() };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
