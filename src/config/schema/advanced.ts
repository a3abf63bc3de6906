import * as z from "zod";
import { securitySettings, toSecretSettings } from "../../access/secrets/settings.ts";
import { cacheSettings } from "../../documents/places/settings.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import { duration } from "../../kernel/settings/types.ts";
import { pipelineSettings } from "../../schedule/settings.ts";

export const advancedSettings = z.strictObject({
  shutdown_timeout: duration()
    .prefault(30)
    .register(metadata, { description: "How long the service waits at its end for what is under way." }),
  pipeline: pipelineSettings.prefault({}).register(metadata, { description: "Limits over all connectors." }),
  performance: cacheSettings.prefault({}).register(metadata, { description: "Caches." }),
  security: securitySettings.prefault({}).register(metadata, { description: "Secrets at rest." }),
});

export function toAdvancedConfig(settings: z.output<typeof advancedSettings>) {
  const { pipeline, performance, security } = settings;
  return {
    shutdownTimeoutMs: settings.shutdown_timeout,
    maxConcurrentConnectors: pipeline.max_concurrent_connectors,
    jobTimeoutMs: Math.round(pipeline.job_timeout_minutes * 60_000),
    cache: { enabled: performance.enable_caching, ttlMs: performance.cache_ttl_seconds * 1000 },
    secrets: toSecretSettings(security),
  };
}
