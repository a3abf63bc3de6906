import * as z from "zod";
import { facts } from "./facts.ts";
import { count, duration } from "./types.ts";

interface CircuitBreakerDefaults {
  /** The server it stands before, for people. */
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
        .register(facts, {
          description: `Failures in a row after which ${server} is left alone for a while.`,
        }),
      cooldown: duration()
        .prefault(cooldown)
        .register(facts, { description: "How long it is left alone before one request tries again." }),
    })
    .prefault({})
    .register(facts, {
      description: `Protects ${server} from being asked again and again while it is down.`,
    });
}

/** As the configuration has it. */
export function toBreakerConfig(settings: { failures: number; cooldown: number }) {
  return { failures: settings.failures, cooldownMs: settings.cooldown };
}
