import { resolve } from "node:path";
import * as z from "zod";
import { circuitBreaker, toBreakerConfig } from "../kernel/settings/circuit-breaker.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { count, duration, httpUrl, path } from "../kernel/settings/types.ts";

/** What a source says beside its server. */
interface ServerDefaults {
  /** The kind of server, as people call it. */
  server: string;
  /** Where it is, unless a person says something else; left out where nobody can know. */
  url?: string;
  example: string;
  requestsPerSecond: number;
}

/** How a server is asked: what every source with a server has. `server` names it: `the Memory API`. */
function requestSettings<More extends object>(server: string, requestsPerSecond: number, more: More) {
  return {
    ca: path().optional().register(metadata, {
      description:
        "PEM file of the certificate authority of a server with a private certificate; trusted besides the public ones.",
      example: "./private-ca.pem",
    }),
    timeout: duration().prefault(30).register(metadata, { description: "Time limit of one attempt." }),
    max_retries: count({ min: 0, max: 100 }).prefault(3).register(metadata, {
      description: "Attempts after the first, on network errors and on 408, 425, 429 and 5xx.",
    }),
    ...more,
    requests_per_second: z.number().positive().max(10_000).prefault(requestsPerSecond).register(metadata, {
      description: "Upper bound of the request rate, retries included.",
    }),
    circuit_breaker: circuitBreaker({ server, failures: 10, cooldown: "60s" }),
  };
}

/** The settings of a source whose server is known, but for its key. */
export function serverSettings({ server, url, example, requestsPerSecond }: ServerDefaults) {
  const address = { description: `Address of ${server}.`, example };
  return {
    url: (url === undefined ? httpUrl() : httpUrl().prefault(url)).register(metadata, address),
    ...requestSettings(server, requestsPerSecond, {}),
  };
}

/** The settings of a source whose server may be anybody's, but for its address and key. */
export const listServerSettings = (server: string) =>
  requestSettings(server, 10, {
    retry_backoff: z.number().min(1).max(10).prefault(2.0).register(metadata, {
      description: "Factor by which the wait grows from one attempt to the next. `Retry-After` beats it.",
    }),
  });

interface RequestSettings {
  ca?: string | undefined;
  timeout: number;
  max_retries: number;
  retry_backoff?: number;
  requests_per_second: number;
  circuit_breaker: { failures: number; cooldown: number };
}

/** A relative path of `ca` begins at `folder`. */
export function toRequestConfig(settings: RequestSettings, folder: string) {
  return {
    ca: settings.ca === undefined ? null : resolve(folder, settings.ca),
    timeoutMs: settings.timeout,
    maxRetries: settings.max_retries,
    ...(settings.retry_backoff !== undefined && { retryBackoff: settings.retry_backoff }),
    requestsPerSecond: settings.requests_per_second,
    circuitBreaker: toBreakerConfig(settings.circuit_breaker),
  };
}

/** The same, with the address by which the source is known. */
export function toServerConfig(
  settings: RequestSettings & { url: string },
  { folder, keyOrigin }: { folder: string; keyOrigin: string | null },
) {
  const { url } = settings;
  return { name: url, server: url, url, ...toRequestConfig(settings, folder), keyOrigin };
}
