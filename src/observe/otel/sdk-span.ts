import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import type { TracerProvider } from "@opentelemetry/sdk-trace";
import type { RootTracer, Span, SpanAttributes, SpanDescription, Tracer } from "../../kernel/tracing/span.ts";

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER } as const;

const propagator = new W3CTraceContextPropagator();
const intoMap = {
  set: (headers: Map<string, string>, name: string, value: string) => headers.set(name, value),
};
const fromHeaders = {
  get: (headers: Readonly<Record<string, string | string[] | undefined>>, name: string) => headers[name],
  keys: (headers: object) => Object.keys(headers),
};

interface Maker {
  sdk: ReturnType<TracerProvider["getTracer"]>;
  /** Takes secrets out of a text. */
  mask: (text: string) => string;
}

/** The tracer of the program, over the SDK's. */
export function rootTracer(maker: Maker): RootTracer {
  const inContext = (context: Context): Tracer => ({
    begin: (description) => begin(maker, description, context),
  });
  return {
    ...inContext(ROOT_CONTEXT),
    continuing: (headers) => inContext(propagator.extract(ROOT_CONTEXT, headers, fromHeaders)),
  };
}

function begin(
  maker: Maker,
  { name, kind = "internal", attributes = {} }: SpanDescription,
  above: Context,
): Span {
  const masked = maskAll(attributes, maker.mask);
  const span = maker.sdk.startSpan(maker.mask(name), { kind: kinds[kind], attributes: masked }, above);
  return new TracedSpan(maker, span, trace.setSpan(above, span));
}

class TracedSpan implements Span {
  readonly #maker: Maker;
  readonly #span: SdkSpan;
  readonly #context: Context;

  constructor(maker: Maker, span: SdkSpan, context: Context) {
    this.#maker = maker;
    this.#span = span;
    this.#context = context;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  get headers(): Record<string, string> {
    const headers = new Map<string, string>();
    propagator.inject(this.#context, headers, intoMap);
    return Object.fromEntries(headers);
  }

  begin(description: SpanDescription): Span {
    return begin(this.#maker, description, this.#context);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(maskAll(attributes, this.#maker.mask));
  }

  fail(errorType: string): void {
    this.set({ "error.type": errorType });
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}

function maskAll(attributes: SpanAttributes, mask: (text: string) => string): Attributes {
  const masked = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === "string") return [name, mask(value)];
    return [name, typeof value === "object" ? value.map(mask) : value];
  });
  return Object.fromEntries(masked.filter(([, value]) => value !== undefined));
}
