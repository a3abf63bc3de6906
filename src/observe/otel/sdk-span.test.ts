import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { rootTracer } from "./sdk-span.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

function open(mask = (text: string) => text) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return {
    tracer: rootTracer({ sdk: provider.getTracer("test"), mask }),
    spans: () => exporter.getFinishedSpans(),
  };
}

test("a span that continues a caller's trace is a part of it, and passes on what the caller keeps there", () => {
  const { tracer, spans } = open();
  const headers = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: "vendor=1" };
  const span = tracer.continuing(headers).begin({ name: "GET /", kind: "server" });
  const inner = span.begin({ name: "GET", kind: "client" });
  expect(inner.headers).toEqual({ traceparent: `00-${traceId}-${inner.spanId}-01`, tracestate: "vendor=1" });
  inner.end();
  span.end();
  expect(spans().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([span.spanId, spanId]);
});

test("a caller that does not sample is not overruled, and the servers behind hear so", () => {
  const { tracer, spans } = open();
  const span = tracer.continuing({ traceparent: `00-${traceId}-${spanId}-00` }).begin({ name: "GET /" });
  expect(span.headers.traceparent).toBe(`00-${traceId}-${span.spanId}-00`);
  span.end();
  expect(spans()).toEqual([]);
});

test.each([
  "nonsense",
  "",
  `00-${"0".repeat(32)}-${spanId}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `ff-${traceId}-${spanId}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `${"0".repeat(100_000)}`,
])("a header that is no traceparent begins a trace of its own (%#)", (traceparent) => {
  const { tracer, spans } = open();
  tracer.continuing({ traceparent }).begin({ name: "GET /" }).end();
  expect(spans()).toHaveLength(1);
  expect(spans()[0]?.parentSpanContext).toBeUndefined();
  expect(spans()[0]?.spanContext().traceId).not.toBe(traceId);
});

test("no secret is in a name or an attribute, whatever has put it there", () => {
  const { tracer, spans } = open((text) => text.replaceAll("secret", "***"));
  const attributes = { one: "a secret", many: ["secret", "b"], count: 1, flag: false, none: undefined };
  const span = tracer.begin({ name: "chat secret", attributes });
  span.set({ later: "secret" });
  span.fail("secret");
  span.end();
  expect(spans()[0]).toMatchObject({
    name: "chat ***",
    attributes: {
      one: "a ***",
      many: ["***", "b"],
      count: 1,
      flag: false,
      later: "***",
      "error.type": "***",
    },
  });
  expect(Object.keys(spans()[0]?.attributes ?? {})).not.toContain("none");
});
