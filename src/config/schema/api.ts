import { isIP } from "node:net";
import * as z from "zod";
import { facts } from "./facts.ts";
import { isMap, type RuleProblem } from "./rules.ts";
import { count, port, text } from "./types.ts";

const cors = z.strictObject({
  enabled: z
    .boolean()
    .prefault(false)
    .register(facts, { description: "Let web pages of other origins call the API." }),
  origins: z
    .array(text())
    .prefault([])
    .register(facts, {
      description: "The origins that may.",
      example: ["https://dashboard.example.org"],
    }),
});

const rateLimit = z.strictObject({
  enabled: z
    .boolean()
    .prefault(false)
    .register(facts, { description: "Limit how often one address may call." }),
  requests_per_minute: count()
    .prefault(60)
    .register(facts, { description: "Calls a minute from one address." }),
});

export const apiSettings = z.strictObject({
  enabled: z
    .boolean()
    .prefault(true)
    .register(facts, { description: "Offer the management API in `serve`." }),
  host: text().prefault("127.0.0.1").register(facts, {
    description: "Address to listen on. Any other than a loopback address needs `enable_auth`.",
  }),
  port: port().prefault(9622).register(facts, { description: "Port to listen on." }),
  enable_auth: z.boolean().prefault(true).register(facts, { description: "Ask every caller for a key." }),
  api_key: text().optional().register(facts, {
    description: "Key that callers send as `X-API-Key` or as a bearer token.",
    example: `\${CONNECTOR_API_KEY}`,
    secret: true,
    env: "CONNECTOR_API_KEY",
  }),
  cors: cors.prefault({}).register(facts, { description: "Calls from web pages." }),
  rate_limit: rateLimit.prefault({}).register(facts, { description: "Protection against too many calls." }),
});

export function openOnlyToThisMachine(value: unknown): RuleProblem[] {
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
  const { cors, rate_limit: rateLimit } = settings;
  return {
    enabled: settings.enabled,
    host: settings.host,
    port: settings.port,
    enableAuth: settings.enable_auth,
    apiKey: settings.api_key ?? null,
    cors: { enabled: cors.enabled, origins: cors.origins },
    rateLimit: { enabled: rateLimit.enabled, requestsPerMinute: rateLimit.requests_per_minute },
  };
}
