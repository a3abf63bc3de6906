import { isIP } from "node:net";
import * as z from "zod";
import { type Live, metadata } from "../settings/metadata.ts";
import { isMap, type RuleProblem } from "../settings/rules.ts";
import { addressRange, count, duration, headerSecret, port, text } from "../settings/types.ts";
import { isHostPattern } from "./own-hosts.ts";

const cors = z.strictObject({
  enabled: z
    .boolean()
    .prefault(false)
    .register(metadata, { description: "Let web pages of other origins call the API." }),
  origins: z
    .array(text())
    .prefault([])
    .register(metadata, {
      description: "The origins that may.",
      example: ["https://dashboard.example.org"],
    }),
});

const rateLimit = z.strictObject({
  enabled: z.boolean().prefault(false).register(metadata, {
    description: "Limit how often one address may call. Health and metrics are never limited.",
  }),
  requests_per_minute: count()
    .prefault(60)
    .register(metadata, { description: "Calls a minute from one address." }),
});

const sessions = z.strictObject({
  idle_timeout: duration({ minMs: 60_000, maxMs: 366 * 86_400_000 })
    .prefault("8h")
    .register(metadata, { description: "A browser that has asked for nothing for so long is signed out." }),
  lifetime: duration({ minMs: 60_000, maxMs: 366 * 86_400_000 })
    .prefault("7d")
    .register(metadata, { description: "How long a browser stays signed in at most." }),
});

const hostPattern = () =>
  text()
    .refine(isHostPattern, { error: "must be a host name, with a port or without, or *. and a name" })
    .meta({ title: "host" });

const basePath = () =>
  z
    .string()
    .regex(/^(\/[\w.~-]+)*\/?$/u, { error: "must be a path such as /memories" })
    .transform((path) => path.replace(/\/$/u, ""))
    .meta({ title: "URL path" });

export const apiSettings = z.strictObject({
  enabled: z
    .boolean()
    .prefault(true)
    .register(metadata, { description: "Offer the management API in `serve`." }),
  host: text().prefault("127.0.0.1").register(metadata, {
    description: "Address to listen on. Any other than a loopback address needs `enable_auth`.",
  }),
  port: port().prefault(9622).register(metadata, { description: "Port to listen on." }),
  enable_auth: z.boolean().prefault(true).register(metadata, { description: "Ask every caller for a key." }),
  api_key: headerSecret().optional().register(metadata, {
    description: "Key that callers send as `X-API-Key` or as a bearer token.",
    example: `\${CONNECTOR_API_KEY}`,
    secret: true,
    env: "CONNECTOR_API_KEY",
  }),
  allowed_hosts: z
    .array(hostPattern())
    .prefault([])
    .register(metadata, {
      description:
        "Names under which the API is called, besides loopback and the address that it listens on (with `0.0.0.0` or `::`: every address and the name of this machine). Requests for other hosts are refused. A name without a port may have any; `*.example.org` is every name below.",
      example: ["memories.example.org"],
    }),
  trust_proxy: z
    .union([count({ max: 10 }), z.array(addressRange())], {
      error: "must be a number of proxies, or a list of their addresses and ranges",
    })
    .prefault([])
    .register(metadata, {
      description:
        "Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: the addresses of the proxies before the API, or how many there are. From anybody else these headers are ignored.",
      example: ["127.0.0.1", "10.1.0.0/16"],
    }),
  base_path: basePath().prefault("").register(metadata, {
    description:
      "Path below which a proxy offers the API. Requests are served with it and without, so that the proxy may cut it off or not.",
    example: "/memories",
  }),
  hsts: duration({ maxMs: 2 * 366 * 86_400_000 })
    .optional()
    .register(metadata, {
      description:
        "How long browsers shall insist on TLS (`Strict-Transport-Security`). Said only in answers that leave by TLS, as a trusted proxy reports. Left out: never.",
      example: "180d",
    }),
  max_connections: count({ max: 100_000 }).prefault(1000).register(metadata, {
    description:
      "Connections that may be open at once. One more ends the one that has been silent for longest. The limit of open files lowers it.",
  }),
  sessions: sessions
    .prefault({})
    .register(metadata, { description: "Browsers that are signed in to the page of the service." }),
  cors: cors.prefault({}).register(metadata, { description: "Calls from web pages." }),
  rate_limit: rateLimit
    .prefault({})
    .register(metadata, { description: "Protection against too many calls." }),
});

export function authRequiredBeyondLoopback(value: unknown): RuleProblem[] {
  if (!isMap(value) || value.enabled === false || value.enable_auth !== false) return [];
  const { host } = value;
  if (typeof host !== "string" || isLoopback(host)) return [];
  const reason = `is false while the API listens on ${host}: anyone who reaches it could control the service`;
  return [{ path: ["enable_auth"], reason, hint: "set enable_auth: true, or host: 127.0.0.1" }];
}

function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return isIP(host) === 4 ? host.startsWith("127.") : host === "::1";
}

export function toApiConfig(settings: z.output<typeof apiSettings>) {
  const { sessions, cors, rate_limit: rateLimit } = settings;
  return {
    enabled: settings.enabled,
    host: settings.host,
    port: settings.port,
    enableAuth: settings.enable_auth,
    apiKey: settings.api_key ?? null,
    allowedHosts: settings.allowed_hosts,
    trustProxy: settings.trust_proxy,
    basePath: settings.base_path,
    hstsMs: settings.hsts ?? null,
    maxConnections: settings.max_connections,
    sessions: { idleMs: sessions.idle_timeout, lifetimeMs: sessions.lifetime },
    cors: { enabled: cors.enabled, origins: cors.origins },
    rateLimit: { enabled: rateLimit.enabled, requestsPerMinute: rateLimit.requests_per_minute },
  };
}

type ApiConfig = ReturnType<typeof toApiConfig>;

export const apiIsLive: Live<ApiConfig> = {
  enabled: false,
  host: false,
  port: false,
  enableAuth: false,
  apiKey: true,
  allowedHosts: false,
  trustProxy: false,
  basePath: false,
  hstsMs: false,
  maxConnections: false,
  sessions: true,
  cors: false,
  rateLimit: false,
};

/** The part of the settings that the warnings need. */
type ApiAccess = Readonly<Pick<ApiConfig, "enabled" | "enableAuth" | "apiKey">>;

/** Allowed on loopback. Every user of the machine, and everyone forwarded to it, is then an admin. */
export function unauthenticatedApi(api: ApiAccess): RuleProblem[] {
  if (!api.enabled || api.enableAuth) return [];
  const reason = "is false: every program and every user of this machine may do everything through the API";
  return [{ path: ["enable_auth"], reason, hint: "set enable_auth: true and make keys (keys create)" }];
}

/** Generated keys have 43 characters; the API checks at most ten wrong ones a minute. */
const shortestGoodKey = 16;

/** A warning and no error: services run with such keys. */
export function guessableKey(api: ApiAccess): RuleProblem[] {
  if (!api.enabled || !api.enableAuth || api.apiKey === null || api.apiKey.length >= shortestGoodKey)
    return [];
  const reason = `has fewer than ${shortestGoodKey} characters and can be guessed; whoever does is an admin`;
  const hint = "take a long random one, or none here and make keys (keys create)";
  return [{ path: ["api_key"], reason, hint }];
}
