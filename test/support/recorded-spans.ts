import type { Span, SpanAttributes, Tracer } from "../../src/kernel/tracing/span.ts";

export interface RecordedSpan {
  /** Names from the root on: `run > discover`. */
  path: string;
  attributes: Record<string, unknown>;
  failed: string | null;
  ended: boolean;
}

/** A tracer that keeps its spans, without an SDK. The header `traceparent` of a span is its path. */
export function recordSpans(): { spans: RecordedSpan[]; tracer: Tracer } {
  const spans: RecordedSpan[] = [];
  const tracerAt = (above: string): Tracer => ({
    begin: ({ name, attributes = {} }) => {
      const path = above === "" ? name : `${above} > ${name}`;
      const span: RecordedSpan = { path, attributes: { ...attributes }, failed: null, ended: false };
      spans.push(span);
      return {
        ...tracerAt(path),
        traceId: "trace",
        spanId: path,
        headers: { traceparent: path },
        set: (more: SpanAttributes) => void Object.assign(span.attributes, more),
        fail: (errorType) => {
          span.failed = errorType;
        },
        end: () => {
          span.ended = true;
        },
      } satisfies Span;
    },
  });
  return { spans, tracer: tracerAt("") };
}
