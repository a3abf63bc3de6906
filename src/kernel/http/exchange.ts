/// <reference path="./undici.d.ts" />
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import requestOf from "undici/lib/api/api-request.js";
import { toConnectorError } from "../errors/connector-error.ts";
import { maskSecrets, secretParameters } from "../util/url.ts";
import { readExcerpt } from "./bounded-body.ts";
import {
  HttpError,
  type HttpErrorDetails,
  type HttpFailure,
  isDefect,
  networkFailure,
} from "./http-error.ts";
import { shownRequest, type WireRequest } from "./http-request.ts";
import { retryAfterMs } from "./retry-after.ts";

/** An accepted response whose body is still arriving. */
export interface StreamedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The chunks as they arrive; may be read once. A broken connection throws an `HttpError` here. */
  body: AsyncIterable<Buffer>;
  /** Builds the error that says what is wrong with this response. */
  failure: (failure: HttpFailure, what: string, cause?: unknown) => HttpError;
}

/** Which responses are accepted, and the clock against which `Retry-After` dates are read. */
export interface ExchangeContext {
  dispatcher: Dispatcher;
  accept: (status: number) => boolean;
  now: () => number;
  signal: AbortSignal;
}

type Answer = Dispatcher.ResponseData;

/**
 * One exchange: sends the request, follows harmless redirects and hands an accepted response to `consume`. Failures are thrown as
 * `HttpError`; errors of `consume` itself pass through. The connection is released afterwards.
 */
export async function exchange<T>(
  request: WireRequest,
  consume: (answer: StreamedAnswer) => Promise<T>,
  context: ExchangeContext,
): Promise<T> {
  const { answer, sent } = await sendFollowingRedirects(request, context);
  try {
    return await consume({
      status: answer.statusCode,
      headers: answer.headers,
      body: readChunks(sent, answer),
      failure: (failure, what, cause) => answerError(failure, what, sent, answer, { cause }),
    });
  } finally {
    discard(answer);
  }
}

async function sendFollowingRedirects(first: WireRequest, context: ExchangeContext) {
  let sent = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(sent, context);
    const status = answer.statusCode;
    if (context.accept(status)) return { answer, sent };
    const location = headerText(answer.headers, "location");
    if (!isRedirect(status, location)) throw await statusError(sent, answer, context.now());
    discard(answer);
    const next = redirects < maxRedirects ? followRedirect(sent, status, location) : "redirects in circles";
    if (typeof next === "string") throw answerError("redirect", next, sent, answer);
    sent = next;
  }
}

async function send(request: WireRequest, { dispatcher, signal }: ExchangeContext): Promise<Answer> {
  const { method, url, headers, body } = request;
  try {
    const path = url.pathname + url.search;
    return await requestOf.call(dispatcher, { origin: url.origin, path, method, headers, body, signal });
  } catch (error) {
    throw brokenConnection(request, error);
  }
}

async function* readChunks(sent: WireRequest, answer: Answer): AsyncGenerator<Buffer> {
  try {
    yield* answer.body as AsyncIterable<Buffer>;
  } catch (error) {
    throw brokenConnection(sent, error);
  }
}

/** An unread rest would keep the connection busy. Its failure no longer matters. */
function discard(answer: Answer): void {
  answer.body.on("error", () => {}).destroy();
}

function brokenConnection(request: WireRequest, error: unknown): Error {
  if (isDefect(error)) return toConnectorError(error);
  const { failure, reason } = networkFailure(error);
  return new HttpError(failure, reason, { ...shownRequest(request), cause: error });
}

async function statusError(sent: WireRequest, answer: Answer, now: number): Promise<HttpError> {
  const header = (name: string) => headerText(answer.headers, name);
  const excerpt = await readExcerpt(answer.body);
  return answerError("status", `answered ${answer.statusCode}`, sent, answer, {
    retryAfterMs: retryAfterMs(header("retry-after"), header("date"), now) ?? undefined,
    bodyExcerpt: maskSecrets(excerpt, secretsOf(sent)),
  });
}

function answerError(
  failure: HttpFailure,
  what: string,
  sent: WireRequest,
  answer: Answer,
  more: Partial<HttpErrorDetails> = {},
): HttpError {
  return new HttpError(failure, what, { ...shownRequest(sent), status: answer.statusCode, ...more });
}

const plainHeaders = new Set(["accept", "accept-encoding", "content-type"]);

function secretsOf(request: WireRequest): string[] {
  const inHeaders = Object.entries(request.headers)
    .filter(([name]) => !plainHeaders.has(name))
    // A scheme such as `Bearer` is no part of the key.
    .flatMap(([, value]) => [value, value.replace(/^\S+ /u, "")]);
  const inAddress = request.secretNames.flatMap((name) => request.url.searchParams.getAll(name));
  return [...inHeaders, ...inAddress, ...inAddress.map(encodeURIComponent), ...secretParameters(request.url)];
}

/** The first value of a header. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A longer chain is treated as a loop. */
const maxRedirects = 3;

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const keepsMethod = new Set([307, 308]);

function isRedirect(status: number, location: string | undefined): location is string {
  return redirectStatuses.has(status) && location !== undefined;
}

/**
 * The redirected request, or the reason why the redirect is not followed. Redirects are followed only within one origin, because
 * every request carries the key, and only with the same method: a POST turned into a GET would silently do nothing.
 */
function followRedirect(request: WireRequest, status: number, location: string): WireRequest | string {
  const target = URL.parse(location, request.url.href);
  if (target === null) return "redirects to something that is no URL";
  if (target.origin !== request.url.origin) return `redirects to another origin, ${target.origin}`;
  if (request.method !== "GET" && request.method !== "HEAD" && !keepsMethod.has(status))
    return `redirects with ${status}, which drops the body`;
  return { ...request, url: target };
}
