import * as z from "zod";
import { metadata } from "./metadata.ts";
import { count, duration } from "./types.ts";

interface CircuitBreakerDefaults {
  /** Name of the protected server, for people. */
  server: string;
  failures: number;
  cooldown: string;
}

/** The block `circuit_breaker` of a server that the connector talks to. */
export function circuitBreaker({ server, failures, cooldown }: CircuitBreakerDefaults) {
  return z
    .strictObject({
      failures: count()
        .prefault(failures)
        .register(metadata, {
          description: `Consecutive failures after which requests to ${server} pause.`,
        }),
      cooldown: duration()
        .prefault(cooldown)
        .register(metadata, { description: "How long requests pause before one probes the server again." }),
    })
    .prefault({})
    .register(metadata, {
      description: `Stops sending requests to ${server} while it is down.`,
    });
}

/** In the form of the configuration. */
export function toBreakerConfig(settings: { failures: number; cooldown: number }) {
  return { failures: settings.failures, cooldownMs: settings.cooldown };
}
