import { type Span, type Tracer, within } from "../tracing/span.ts";
import type { Clock } from "../util/clock.ts";
import type { StreamedAnswer } from "./exchange.ts";
import { HttpError } from "./http-error.ts";
import type { WireRequest } from "./http-request.ts";

/** One finished attempt of a request, for metrics and logs. */
export interface HttpAttempt {
  method: string;
  /** Null when there was no response. */
  status: number | null;
  /** From connecting to the last byte read. */
  durationMs: number;
}

/** Must not throw. */
export type AttemptObserver = (attempt: HttpAttempt) => void;

export interface ObservedAttempt {
  method: string;
  clock: Clock;
  observer: AttemptObserver | undefined;
  /** The attempt's own, which ends with it; null where nothing is traced. */
  span: Span | null;
  /** An attempt aborted by its caller says nothing about the server and is not reported. */
  signal: AbortSignal;
}

/** Makes an attempt and reports its outcome to observer and span. `work` passes an accepted response through `answered`. */
export function observeAttempt<T>(
  { method, clock, observer, span, signal }: ObservedAttempt,
  work: (answered: (answer: StreamedAnswer) => StreamedAnswer) => Promise<T>,
): Promise<T> {
  return within(span, async () => {
    const startedAt = clock.monotonic();
    let status: number | null = null;
    const answered = (answer: StreamedAnswer) => {
      status = answer.status;
      return answer;
    };
    try {
      return await work(answered);
    } catch (error) {
      if (error instanceof HttpError && error.status !== undefined) status = error.status;
      span?.fail(signal.aborted ? "cancelled" : errorTypeOf(error));
      throw error;
    } finally {
      if (!signal.aborted) observer?.({ method, status, durationMs: clock.monotonic() - startedAt });
      span?.set({ "http.response.status_code": status ?? undefined });
      span?.end();
    }
  });
}

/** Of a refusal the status, as the conventions of OpenTelemetry have it. */
function errorTypeOf(error: unknown): string {
  if (!(error instanceof HttpError)) return error instanceof Error ? error.name : "_OTHER";
  return error.failure === "status" ? String(error.status) : error.failure;
}

interface TracedRequest {
  wire: WireRequest;
  /** The name of the service in traces. */
  service: string;
  /** Attempts of the same call before this one. */
  resends: number;
}

/**
 * A span for an attempt, by the conventions for clients of HTTP. Of the address it has neither login nor query: there are keys,
 * coordinates and questions.
 */
export function beginAttempt(
  tracer: Tracer | null,
  { wire: { method, url }, service, resends }: TracedRequest,
): Span | null {
  if (tracer === null) return null;
  const attributes = {
    "http.request.method": method,
    "server.address": hostOf(url),
    "server.port": portOf(url),
    "url.full": url.origin + url.pathname,
    "memory_connector.service": service,
    "http.request.resend_count": resends === 0 ? undefined : resends,
  };
  return tracer.begin({ name: method, kind: "client", attributes });
}

/** The host of an address; of IPv6 without brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/u, "$1");

/** The port of an address, also where it is the scheme's own. */
export function portOf({ port, protocol }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}
