import type { FastifyInstance, FastifyRequest } from "fastify";
import { type RootTracer, type Span, within } from "../kernel/tracing/span.ts";
import { metrics } from "./http-only-routes.ts";
import type { RouteDescription } from "./route.ts";

interface TracedRoutes {
  /** Null where no traces are sent. */
  tracer: () => RootTracer | null;
  routes: readonly Pick<RouteDescription, "path" | "access">[];
}

/**
 * Answers each request to an operation in a span that continues its caller's trace. The span has the pattern of the path alone: in the
 * path itself are names of people and places. Returns what finds the span of a request.
 */
export function traceRequests(
  server: FastifyInstance,
  { tracer, routes }: TracedRoutes,
): (request: FastifyRequest) => Span | null {
  const spans = new WeakMap<FastifyRequest, Span>();
  const patterns = new Set(
    routes.filter(isOperation).map(({ path }) => path.replaceAll(/\{(\w+)\}/gu, ":$1")),
  );
  server.addHook("onRequest", async (request, reply) => {
    const route = request.routeOptions.url;
    const root = tracer();
    if (root === null || route === undefined || !patterns.has(route)) return;
    const span = root.continuing(request.headers).begin(describe(request, route));
    spans.set(request, span);
    reply.raw.once("close", () => {
      span.set({ "http.response.status_code": reply.statusCode });
      if (!reply.raw.writableFinished) span.fail("cancelled");
      else if (reply.statusCode >= 500) span.fail(String(reply.statusCode));
      span.end();
    });
  });
  // Not before: what reads the body goes on in the context of the connection.
  server.addHook("preHandler", (request, _, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else within(span, done);
  });
  return (request) => spans.get(request) ?? null;
}

/** Of health and metrics, which are asked for every few seconds, nobody wants to read. */
const isOperation = ({ path, access }: TracedRoutes["routes"][number]): boolean =>
  access !== "open" && path !== metrics.path;

function describe({ method, protocol, id }: FastifyRequest, route: string) {
  return {
    name: `${method} ${route}`,
    kind: "server" as const,
    attributes: {
      "http.request.method": method,
      "http.route": route,
      "url.scheme": protocol,
      "memory_connector.request.id": id,
    },
  };
}
