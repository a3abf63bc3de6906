import { resolve } from "node:path";
import * as z from "zod";
import { circuitBreaker, toBreakerConfig } from "../../kernel/settings/circuit-breaker.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, duration, path } from "../../kernel/settings/types.ts";

/** How a server of memories is asked: settings that every source with a server has. `server` names it: `the Memory API`. */
export const serverShape = (server: string) => ({
  ca: path().optional().register(metadata, {
    description:
      "PEM file of the certificate authority of a server with a private certificate; trusted besides the public ones.",
    example: "./private-ca.pem",
  }),
  timeout: duration().prefault(30).register(metadata, { description: "Time limit of one attempt." }),
  max_retries: count({ min: 0, max: 100 }).prefault(3).register(metadata, {
    description: "Attempts after the first, on network errors and on 408, 425, 429 and 5xx.",
  }),
  retry_backoff: z.number().min(1).max(10).prefault(2.0).register(metadata, {
    description: "Factor by which the wait grows from one attempt to the next. `Retry-After` beats it.",
  }),
  requests_per_second: z.number().positive().max(10_000).prefault(10).register(metadata, {
    description: "Upper bound of the request rate, retries included.",
  }),
  circuit_breaker: circuitBreaker({ server, failures: 10, cooldown: "60s" }),
});

type ServerSettings = z.output<z.ZodObject<ReturnType<typeof serverShape>>>;

/** Relative paths begin at `folder`. */
export function toServerConfig(settings: ServerSettings, folder: string) {
  return {
    ca: settings.ca === undefined ? null : resolve(folder, settings.ca),
    timeoutMs: settings.timeout,
    maxRetries: settings.max_retries,
    retryBackoff: settings.retry_backoff,
    requestsPerSecond: settings.requests_per_second,
    circuitBreaker: toBreakerConfig(settings.circuit_breaker),
  };
}
