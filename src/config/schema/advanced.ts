import * as z from "zod";
import { facts } from "./facts.ts";
import { count, duration, text } from "./types.ts";

const pipeline = z.strictObject({
  max_concurrent_connectors: count({ max: 10_000 })
    .prefault(2)
    .register(facts, { description: "Connectors that run at the same time." }),
  job_timeout_minutes: z
    .number()
    .positive()
    .max(24 * 24 * 60)
    .prefault(60)
    .register(facts, {
      description: "Time limit of a run, in minutes, for connectors without `run_timeout`.",
    }),
});

const performance = z.strictObject({
  enable_caching: z
    .boolean()
    .prefault(true)
    .register(facts, { description: "Remember answers of look-ups such as place names." }),
  cache_ttl_seconds: count({ min: 0 }).prefault(3600).register(facts, {
    description:
      "How long an answer that only stands in for a better one is remembered, in seconds: the offline name of a place while the geocoder fails. Full answers are remembered for good.",
  }),
});

const security = z.strictObject({
  encrypt_secrets: z
    .boolean()
    .prefault(false)
    .register(facts, { description: "Seal secrets in the state store." }),
  encryption_key: text().optional().register(facts, {
    description: "The key that seals them.",
    example: `\${ENCRYPTION_KEY}`,
    secret: true,
    env: "ENCRYPTION_KEY",
  }),
});

export const advancedSettings = z.strictObject({
  shutdown_timeout: duration()
    .prefault(30)
    .register(facts, { description: "How long the service waits at its end for what is under way." }),
  pipeline: pipeline.prefault({}).register(facts, { description: "Limits over all connectors." }),
  performance: performance.prefault({}).register(facts, { description: "Caches." }),
  security: security.prefault({}).register(facts, { description: "Secrets at rest." }),
});

export function toAdvancedConfig(settings: z.output<typeof advancedSettings>) {
  const { pipeline, performance, security } = settings;
  return {
    shutdownTimeoutMs: settings.shutdown_timeout,
    maxConcurrentConnectors: pipeline.max_concurrent_connectors,
    jobTimeoutMs: Math.round(pipeline.job_timeout_minutes * 60_000),
    cache: { enabled: performance.enable_caching, ttlMs: performance.cache_ttl_seconds * 1000 },
    secrets: { encrypt: security.encrypt_secrets, encryptionKey: security.encryption_key ?? null },
  };
}
