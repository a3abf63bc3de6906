import { resolve } from "node:path";
import * as z from "zod";
import { circuitBreaker, toBreakerConfig } from "../kernel/settings/circuit-breaker.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { count, duration, httpUrl, path } from "../kernel/settings/types.ts";

interface ServerDefaults {
  /** The kind of server, as people call it. */
  server: string;
  /** Where it is, unless a person says something else; left out where nobody can know. */
  url?: string;
  example: string;
  requestsPerSecond: number;
}

/** The settings of every source that asks a server, but for its key. */
export function serverSettings({ server, url, example, requestsPerSecond }: ServerDefaults) {
  const address = { description: `Address of ${server}.`, example };
  return {
    url: (url === undefined ? httpUrl() : httpUrl().prefault(url)).register(metadata, address),
    ca: path().optional().register(metadata, {
      description:
        "PEM file of the certificate authority of a server with a private certificate; trusted besides the public ones.",
      example: "./private-ca.pem",
    }),
    timeout: duration().prefault(30).register(metadata, { description: "Time limit of one attempt." }),
    max_retries: count({ min: 0, max: 100 }).prefault(3).register(metadata, {
      description: "Attempts after the first, on network errors and on 408, 425, 429 and 5xx.",
    }),
    requests_per_second: z.number().positive().max(10_000).prefault(requestsPerSecond).register(metadata, {
      description: "Upper bound of the request rate, retries included.",
    }),
    circuit_breaker: circuitBreaker({ server, failures: 10, cooldown: "60s" }),
  };
}

interface ServerSettings {
  url: string;
  ca?: string | undefined;
  timeout: number;
  max_retries: number;
  requests_per_second: number;
  circuit_breaker: { failures: number; cooldown: number };
}

/** A relative path of `ca` begins at `folder`. */
export function toServerConfig(
  settings: ServerSettings,
  { folder, keyOrigin }: { folder: string; keyOrigin: string | null },
) {
  const { url } = settings;
  return {
    name: url,
    server: url,
    url,
    ca: settings.ca === undefined ? null : resolve(folder, settings.ca),
    timeoutMs: settings.timeout,
    maxRetries: settings.max_retries,
    requestsPerSecond: settings.requests_per_second,
    circuitBreaker: toBreakerConfig(settings.circuit_breaker),
    keyOrigin,
  };
}
