import { AsyncLocalStorage } from "node:async_hooks";
import { isAbort, isConnectorError } from "../errors/connector-error.ts";

/** Attributes that are undefined are left out. None may hold a secret or a memory's text. */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

export interface SpanDescription {
  /** The same for all work of a kind: ids belong into attributes. */
  name: string;
  /** Default: `internal`. */
  kind?: "internal" | "client" | "server";
  attributes?: SpanAttributes;
}

/** Begins spans: each as the root of a trace, or, of a span, as a part of it. */
export interface Tracer {
  begin(description: SpanDescription): Span;
}

/** The tracer of the program. */
export interface RootTracer extends Tracer {
  /** For the work that a caller asked for with these headers, as a part of the caller's trace if it names one. */
  continuing(headers: Readonly<Record<string, string | string[] | undefined>>): Tracer;
}

/** A piece of work in a trace. */
export interface Span extends Tracer {
  readonly traceId: string;
  readonly spanId: string;
  /** The headers of W3C Trace Context that make what a server does a part of this span. */
  readonly headers: Readonly<Record<string, string>>;
  set(attributes: SpanAttributes): void;
  /** `errorType`: a code or another name of the kind of failure, never a message. */
  fail(errorType: string): void;
  end(): void;
}

const ofThisWork = new AsyncLocalStorage<Tracer | null>();

/** Does `work` with its spans begun by `tracer`; with none by null. */
export function within<Result>(tracer: Tracer | null, work: () => Result): Result {
  return ofThisWork.run(tracer, work);
}

/** What begins the spans of the present work. Capture it before the work waits in a queue, which may go on in the context of other work. */
export function currentTracer(): Tracer | null {
  return ofThisWork.getStore() ?? null;
}

/** The span that the present work is part of. */
export function currentSpan(): Span | null {
  const tracer = currentTracer();
  return tracer !== null && "spanId" in tracer ? (tracer as Span) : null;
}

/** Does `work` in a span of its own, which ends with it; without one where nothing is traced. */
export async function inSpan<Result>(
  description: SpanDescription,
  work: (span: Span | null) => Promise<Result>,
): Promise<Result> {
  const span = currentTracer()?.begin(description) ?? null;
  if (span === null) return work(null);
  try {
    return await within(span, () => work(span));
  } catch (thrown) {
    span.fail(errorTypeOf(thrown));
    throw thrown;
  } finally {
    span.end();
  }
}

function errorTypeOf(thrown: unknown): string {
  if (isConnectorError(thrown)) return thrown.code;
  if (isAbort(thrown)) return "CANCELLED";
  return thrown instanceof Error ? thrown.name : "_OTHER";
}
