import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import type { ApiConfig, MonitoringConfig } from "../config/config.ts";
import {
  checkEveryMs,
  headersTimeoutMs,
  limitConnections,
  requestTimeoutMs,
  roomForConnections,
} from "../kernel/inbound/limit-connections.ts";
import { OwnHosts } from "../kernel/inbound/own-hosts.ts";
import { portUnavailable } from "../kernel/inbound/port-unavailable.ts";
import { within } from "../kernel/tracing/span.ts";
import { plural } from "../kernel/util/readable.ts";
import type { Logger } from "../observe/logs.ts";
import { packagedFile } from "../packaged-file.ts";
import { apiAccess } from "./access/api-access.ts";
import { trustedProxies } from "./access/client-address.ts";
import { addProtection } from "./access/protection.ts";
import { answerBrokenRequest, answerErrors, fromFastify, sendProblem } from "./answer-errors.ts";
import { versionPath, withoutBasePath, withoutVersion } from "./base-path.ts";
import { health } from "./http-only-routes.ts";
import { inputValidator } from "./input-validator.ts";
import { takeJsonOnly } from "./json-body.ts";
import { addEvents, addSockets, eventsRoute } from "./live/add-events.ts";
import { LiveFeed } from "./live/live-feed.ts";
import { addMcp, mcpRoute } from "./mcp-route.ts";
import { addPage, pageFilesPath } from "./page.ts";
import { addReference } from "./reference.ts";
import { registerRoute } from "./register-route.ts";
import type { ApiParts, Route } from "./route.ts";
import { routes } from "./routes.ts";
import { traceRequests } from "./trace-requests.ts";

/** Node's limit of headers: no path parameter can be longer. The routes' schemas limit ids and names. */
const maxParamLength = 16 * 1024;

export interface ApiServerOptions {
  parts: ApiParts;
  config: ApiConfig;
  log: Logger;
  /** 0 for any free port. */
  port: number;
  /** The key of commands on the same state; absent for none. */
  localKey?: string | null;
  /** What the page was built into; that of the package when left out. */
  pageFolder?: string;
}

export interface ApiServer {
  /** `http://127.0.0.1:9622` */
  readonly url: string;
  /** Finishes open requests and closes the server. */
  close(): Promise<void>;
}

/** Serves the management API. Throws `PORT_UNAVAILABLE`. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { config, port } = options;
  const server = await buildServer(options);
  try {
    const url = await server.listen({ host: config.host, port });
    return { url, close: () => server.close() };
  } catch (cause) {
    await server.close();
    throw portUnavailable(config.host, port, cause as Error);
  }
}

async function buildServer(options: ApiServerOptions): Promise<FastifyInstance> {
  const { parts, config, log, localKey = null, pageFolder = packagedFile("dist/web") } = options;
  const { healthCheck } = parts.app.config.monitoring;
  const served = servedRoutes(healthCheck);
  const firstWords = firstWordsOf([...served, eventsRoute, mcpRoute]);
  const server = fastify({
    logger: false,
    // A well-formed id from a proxy is kept; it is in the answer and in the log.
    genReqId: ({ headers }) => plainId(headers["x-request-id"]) ?? randomUUID(),
    // For example a path that cannot be decoded: it reaches no route and no hook.
    frameworkErrors: (error, request, reply) => sendProblem(fromFastify(error), request, reply, log),
    clientErrorHandler: answerBrokenRequest,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: checkEveryMs },
    trustProxy: trustedProxies(config.trustProxy),
    rewriteUrl: ({ url = "/" }) => withoutVersion(withoutBasePath(url, config.basePath, firstWords)),
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
  });
  limitConnections(server.server, mostConnections(config, log));
  server.setValidatorCompiler(inputValidator);
  server.setSerializerCompiler(serializerCompiler);
  const spanOf = traceRequests(server, { tracer: parts.tracer, routes: [...served, mcpRoute] });
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  server.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions, id } = request;
    const fields = { request_id: id, method, route: routeOptions.url, status: reply.statusCode };
    const answered = { ...fields, duration_ms: Math.round(reply.elapsedTime) };
    within(spanOf(request), () => log.debug(answered, "request answered"));
  });
  answerErrors(server, [...served, eventsRoute, mcpRoute], log);
  const feed = new LiveFeed(parts.app.live, parts.clock);
  await addSockets(server, feed);
  const hosts = new OwnHosts({ bound: config.host, allowed: config.allowedHosts });
  await addProtection(server, config, hosts, healthCheck.endpoint);
  const bodyRules = takeJsonOnly(server);
  await addReference(server, config.basePath);
  await addPage(server, pageFolder);
  const access = await apiAccess({ parts, config, hosts, localKey });
  const requireConnector = (id: string) => parts.app.connector(id);
  await addEvents(server, feed, { ...access, tickets: parts.tickets, requireConnector });
  addMcp(server, { parts, authenticate: access.authenticate, basePath: config.basePath, log });
  await server.register(async (scope) => {
    for (const route of served) {
      registerRoute(scope, route, { parts, ...access, bodyRules, basePath: config.basePath });
    }
  });
  return server;
}

/** The health route may be disabled, or have a second path. */
function servedRoutes({ enabled, endpoint }: MonitoringConfig["healthCheck"]): readonly Route[] {
  if (!enabled) return routes.filter(({ path }) => path !== health.path);
  return endpoint === health.path ? routes : [...routes, { ...health, path: endpoint }];
}

/** Includes the page and the reference. */
function firstWordsOf(served: readonly Pick<Route, "path">[]): ReadonlySet<string> {
  const paths = [
    "/",
    pageFilesPath,
    "/docs",
    "/openapi.json",
    versionPath,
    ...served.map(({ path }) => path),
  ];
  return new Set(paths.map((path) => path.split("/")[1] ?? ""));
}

function mostConnections({ maxConnections }: ApiConfig, log: Logger): number {
  const room = roomForConnections();
  if (room === null || room >= maxConnections) return maxConnections;
  log.warn(
    { connections: room },
    `the limit of open files leaves room for ${plural(room, "connection")} (ulimit -n)`,
  );
  return room;
}

function plainId(header: string | string[] | undefined): string | null {
  return typeof header === "string" && /^[\w.-]{1,100}$/u.test(header) ? header : null;
}
