import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { ApiConfig } from "../../config/config.ts";
import { foreignCaller } from "../../kernel/inbound/foreign-caller.ts";
import type { OwnHosts } from "../../kernel/inbound/own-hosts.ts";
import { health, live, metrics, ready } from "../http-only-routes.ts";
import { eventsPath } from "../live/add-events.ts";
import { pageFilesPath } from "../page.ts";
import { clientAddress } from "./client-address.ts";

/** Rate-limited probes would make a supervisor take a busy service for a dead one; a page that lacks some of its files shows nothing. */
const unlimited = new Set(["/", ...[health, live, ready, metrics].map(({ path }) => path)]);
const isUnlimited = (url: string): boolean => unlimited.has(url) || isPageFile(url);
const isPageFile = (url: string): boolean => url.startsWith(`${pageFilesPath}/`);

/** Checks before any route: host and origin of the request, security headers for browsers, rate limit. */
export async function addProtection(
  server: FastifyInstance,
  config: ApiConfig,
  hosts: OwnHosts,
  healthPath: string,
): Promise<void> {
  refuseForeignCallers(server, hosts, config);
  await server.register(helmet, { contentSecurityPolicy: false, strictTransportSecurity: false });
  if (config.hstsMs !== null) insistOnTls(server, Math.floor(config.hstsMs / 1000));
  if (config.cors.enabled) await server.register(cors, corsOptions(config.cors.origins));
  if (!config.rateLimit.enabled) return;
  await server.register(rateLimit, {
    max: config.rateLimit.requestsPerMinute,
    timeWindow: "1 minute",
    keyGenerator: clientAddress,
    allowList: ({ routeOptions: { url = "" } }) => isUnlimited(url) || url === healthPath,
  });
}

function refuseForeignCallers(server: FastifyInstance, hosts: OwnHosts, { cors }: ApiConfig): void {
  const rules = { hosts, origins: cors.enabled ? cors.origins : [] };
  server.addHook("onRequest", async (request) => {
    const { url = "" } = request.routeOptions;
    // They are everybody's. Behind a proxy that changes `Host` the page has to be there to say what is missing.
    if (isPageFile(url)) return;
    const refusal = foreignCaller(request.raw, rules, url === eventsPath);
    if (refusal !== null) throw refusal;
  });
}

/** Without `includeSubDomains`: subdomains may belong to others. */
function insistOnTls(server: FastifyInstance, seconds: number): void {
  server.addHook("onRequest", async (request, reply) => {
    if (request.protocol === "https") reply.header("strict-transport-security", `max-age=${seconds}`);
  });
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: [...origins],
    methods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
    exposedHeaders: ["etag", "location", "retry-after", "x-request-id"],
  };
}
