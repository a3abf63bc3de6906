import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import { foreignCaller } from "../kernel/inbound/foreign-caller.ts";
import { checkEveryMs, headersTimeoutMs, limitConnections } from "../kernel/inbound/limit-connections.ts";
import { OwnHosts } from "../kernel/inbound/own-hosts.ts";
import { portUnavailable } from "../kernel/inbound/port-unavailable.ts";
import type { Metrics } from "./metrics.ts";

export interface MetricsServerOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Path of the metrics; all others are 404. */
  path: string;
  metrics: Pick<Metrics, "contentType" | "scrape">;
  /** Allowed callers, besides those that `CallerRules` always allows. */
  allowedHosts: readonly string[];
  maxConnections: number;
}

export interface MetricsServer {
  readonly url: string;
  /** Closes connections immediately. Calling it twice is harmless. */
  close(): Promise<void>;
}

/**
 * Serves metrics on a port of their own, without authentication: they contain no memory and no secret. Throws `PORT_UNAVAILABLE`.
 */
export async function startMetricsServer({
  host,
  port,
  path,
  metrics,
  allowedHosts,
  maxConnections,
}: MetricsServerOptions): Promise<MetricsServer> {
  const rules = { hosts: new OwnHosts({ bound: host, allowed: allowedHosts }), origins: [] };
  const server = createServer({ connectionsCheckingInterval: checkEveryMs }, (request, response) => {
    const refusal = foreignCaller(request, rules, false);
    if (refusal !== null) return refuse(response, refusal);
    const [pathname] = (request.url ?? "").split("?", 1);
    const status = statusOf(pathname === path, request.method);
    if (status === 200) return void sendMetrics(request, response, metrics);
    return void response.writeHead(status).end();
  });
  server.headersTimeout = headersTimeoutMs;
  server.requestTimeout = headersTimeoutMs;
  limitConnections(server, maxConnections);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portUnavailable(host, port, error)));
    server.listen(port, host, resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${boundPort}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const compress = promisify(gzip);

function refuse(response: ServerResponse, { code, message, hint }: ConnectorError): void {
  const status = code === "API_HOST_REFUSED" ? 421 : 403;
  response.writeHead(status, { "content-type": "text/plain" }).end(`${code}: ${message} (${hint})\n`);
}

function statusOf(found: boolean, method = "GET"): number {
  if (!found) return 404;
  return method === "GET" || method === "HEAD" ? 200 : 405;
}

/** Compressed for whoever takes it, as Prometheus does: the lines of many connectors differ in little. */
async function sendMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: MetricsServerOptions["metrics"],
): Promise<void> {
  try {
    const text = await metrics.scrape();
    response.setHeader("content-type", metrics.contentType).setHeader("vary", "accept-encoding");
    if (!/\bgzip\b/.test(String(request.headers["accept-encoding"]))) return void response.end(text);
    const packed = await compress(text, { level: constants.Z_BEST_SPEED });
    response.setHeader("content-encoding", "gzip").end(packed);
  } catch {
    response.writeHead(500).end();
  }
}
