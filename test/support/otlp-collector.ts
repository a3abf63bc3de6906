import type { IncomingHttpHeaders, ServerResponse } from "node:http";
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
  /** A path that it does not know. */
  refuses: string | null;
  /** What it answers from now on; `hang` never does. */
  behaviour: { status: number; body?: Buffer; headers?: Record<string, string> } | "hang";
  /** Answers what hangs, in the order of its arrival, with these statuses. */
  answerHeld(...statuses: number[]): void;
}

/** A collector that takes OTLP over HTTP as Protobuf. Ends with the test. */
export async function startCollector(): Promise<OtlpCollector> {
  const held: ServerResponse[] = [];
  const collector: OtlpCollector = {
    url: "",
    deliveries: [],
    spans: [],
    metrics: [],
    refuses: null,
    behaviour: { status: 200 },
    answerHeld: (...statuses) => {
      for (const status of statuses) held.shift()?.writeHead(status).end();
    },
  };
  const server = await startHttpServer(async (request, response) => {
    const body = await buffer(request);
    const path = request.url ?? "";
    collector.deliveries.push({ path, headers: request.headers, body });
    if (path === collector.refuses) return void response.writeHead(404).end();
    const { behaviour } = collector;
    if (behaviour === "hang") return void held.push(response);
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
