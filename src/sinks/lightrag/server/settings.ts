import { resolve } from "node:path";
import * as z from "zod";
import { circuitBreaker, toBreakerConfig } from "../../../kernel/settings/circuit-breaker.ts";
import { metadata } from "../../../kernel/settings/metadata.ts";
import { givenKeys, type RuleProblem } from "../../../kernel/settings/rules.ts";
import { count, duration, headerSecret, httpUrl, path, text } from "../../../kernel/settings/types.ts";

export const serverSettings = z.strictObject({
  url: httpUrl()
    .prefault("http://localhost:9621")
    .register(metadata, { description: "Address of the LightRAG server." }),
  api_key: headerSecret().optional().register(metadata, {
    description: "Key that is sent as `X-API-Key`, for servers with `LIGHTRAG_API_KEY`.",
    example: `\${LIGHTRAG_API_KEY}`,
    secret: true,
    belongsTo: "url",
    env: "LIGHTRAG_API_KEY",
  }),
  ca: path().optional().register(metadata, {
    description:
      "PEM file of the certificate authority of a server with a private certificate; trusted besides the public ones.",
    example: "./private-ca.pem",
  }),
  username: text().optional().register(metadata, {
    description: "Name to log in with, for servers with `AUTH_ACCOUNTS`. Needs `password`.",
    example: "connector",
    belongsTo: "url",
  }),
  password: text().optional().register(metadata, {
    description: "Password to log in with.",
    example: `\${LIGHTRAG_PASSWORD}`,
    secret: true,
    belongsTo: "url",
  }),
  workspace: z.string().optional().register(metadata, {
    description:
      "Workspace that the server must report. A server has one workspace, whatever it is asked for, so a different one refuses to run. Not compared when left out.",
    example: "memories",
  }),
  timeout: duration().prefault(300).register(metadata, { description: "Time limit of one request." }),
  max_retries: count({ min: 0, max: 100 }).prefault(7).register(metadata, {
    description:
      "Attempts after the first, on network errors and on 408, 425, 429 and 5xx; an insert only where the server cannot have seen it.",
  }),
  circuit_breaker: circuitBreaker({ server: "the LightRAG server", failures: 10, cooldown: "10s" }),
  max_in_flight: count({ max: 100_000 }).prefault(100).register(metadata, {
    description: "Documents that LightRAG may have accepted and not finished. New ones wait.",
  }),
  poll_interval: duration({ minMs: 50 })
    .prefault("2s")
    .register(metadata, { description: "Longest time between two looks at the documents in flight." }),
  stuck_after: duration({ minMs: 1000 }).prefault("30m").register(metadata, {
    description:
      "A document that LightRAG works on and whose record has not moved for this long counts as stuck and is recovered. Waiting in the queue of a busy LightRAG does not count.",
  }),
  delete_timeout: duration({ minMs: 1000 }).prefault("5m").register(metadata, {
    description:
      "How long to wait until a busy server has deleted a document, before an update is tried later.",
  }),
});

/** A login needs both user name and password. */
export function loginIsComplete(api: unknown): RuleProblem[] {
  const given = givenKeys(api, ["username", "password"]);
  if (given.length !== 1) return [];
  const missing = given[0] === "username" ? "password" : "username";
  return [
    {
      path: [missing],
      reason: `is missing, ${given[0]} is set`,
      hint: "a login needs both username and password",
    },
  ];
}

export function toServerConfig(settings: z.output<typeof serverSettings>, folder: string) {
  const { username, password } = settings;
  return {
    url: settings.url,
    apiKey: settings.api_key ?? null,
    ca: settings.ca === undefined ? null : resolve(folder, settings.ca),
    login: username === undefined || password === undefined ? null : { username, password },
    workspace: settings.workspace ?? null,
    timeoutMs: settings.timeout,
    maxRetries: settings.max_retries,
    circuitBreaker: toBreakerConfig(settings.circuit_breaker),
    maxInFlight: settings.max_in_flight,
    pollIntervalMs: settings.poll_interval,
    stuckAfterMs: settings.stuck_after,
    deleteTimeoutMs: settings.delete_timeout,
  };
}
