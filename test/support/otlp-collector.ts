import type { IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { startHttpServer } from "./http-server.ts";
import { type ReceivedMetric, type ReceivedSpan, readMetrics, readSpans } from "./otlp-messages.ts";

export interface OtlpCollector {
  url: string;
  /** What was sent, in the order of its arrival, refused deliveries too. */
  deliveries: { path: string; headers: IncomingHttpHeaders; body: Buffer }[];
  /** What it took. */
  spans: ReceivedSpan[];
  metrics: ReceivedMetric[];
  /** What it answers from now on; `hang` never does. */
  behaviour: { status: number; body?: Buffer; headers?: Record<string, string> } | "hang";
}

/** A collector that takes OTLP over HTTP as Protobuf. Ends with the test. */
export async function startCollector(): Promise<OtlpCollector> {
  const collector: OtlpCollector = {
    url: "",
    deliveries: [],
    spans: [],
    metrics: [],
    behaviour: { status: 200 },
  };
  const server = await startHttpServer(async (request, response) => {
    const body = await buffer(request);
    const path = request.url ?? "";
    collector.deliveries.push({ path, headers: request.headers, body });
    const { behaviour } = collector;
    if (behaviour === "hang") return;
    if (behaviour.status === 200 && path.endsWith("/v1/traces")) collector.spans.push(...readSpans(body));
    if (behaviour.status === 200 && path.endsWith("/v1/metrics"))
      collector.metrics.push(...readMetrics(body));
    const type = { "content-type": "application/x-protobuf" };
    response.writeHead(behaviour.status, { ...type, ...behaviour.headers }).end(behaviour.body);
  });
  collector.url = server.url;
  return collector;
}

/** A span with those beneath it, as `name` or `name(child, child)`, in the order in which they began. */
export function treeOf(spans: readonly ReceivedSpan[], parentId = ""): SpanTree[] {
  return spans
    .filter((span) => span.parentId === parentId)
    .toSorted((one, other) => Number(one.start - other.start))
    .map((span) => ({ span, parts: treeOf(spans, span.spanId) }));
}

export interface SpanTree {
  span: ReceivedSpan;
  parts: SpanTree[];
}
