import * as z from "zod";
import { facts } from "../../kernel/settings/facts.ts";
import { givenKeys, isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { count, duration, text } from "../../kernel/settings/types.ts";

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
      "How long an answer that only stands in for a better one is remembered, in seconds: the offline name of a place while the geocoder fails. Full answers are remembered for a year.",
  }),
});

const securitySettings = z.strictObject({
  encrypt_secrets: z.boolean().optional().register(facts, {
    description:
      "Seal the secrets of connectors made through the API. `false` keeps new ones plain; sealed ones can be read all the same.",
    example: true,
    defaultText: "`true` where a key is named, else `false`",
  }),
  encryption_key: text().optional().register(facts, {
    description:
      "The key that seals them: 32 random bytes in base64 or hex. Further keys behind it, apart by commas or spaces, only open what they sealed earlier. See docs/secrets.md.",
    example: `\${ENCRYPTION_KEY}`,
    secret: true,
    env: "ENCRYPTION_KEY",
  }),
  kms_command: z
    .array(text())
    .min(1)
    .optional()
    .register(facts, {
      description:
        "Program and arguments that print the key, run without a shell for at most 10 s; used only without `encryption_key`.",
      example: ["vault", "kv", "get", "-field=key", "secret/memory-connector"],
    }),
});

export const advancedSettings = z.strictObject({
  shutdown_timeout: duration()
    .prefault(30)
    .register(facts, { description: "How long the service waits at its end for what is under way." }),
  pipeline: pipeline.prefault({}).register(facts, { description: "Limits over all connectors." }),
  performance: performance.prefault({}).register(facts, { description: "Caches." }),
  security: securitySettings.prefault({}).register(facts, { description: "Secrets at rest." }),
});

/** Who wants secrets sealed has to say with what: they are not left plain in silence. */
export function sealingHasKey(block: unknown): RuleProblem[] {
  const names = givenKeys(block, ["encryption_key", "kms_command"]);
  if (!isMap(block) || block.encrypt_secrets !== true || names.length > 0) return [];
  const hint = "set ENCRYPTION_KEY; `memory-connector secrets generate-key` makes a key";
  return [{ path: ["encrypt_secrets"], reason: "is true, and no key is named", hint }];
}

function toSecretSettings(security: z.output<typeof securitySettings>) {
  const encryptionKey = security.encryption_key ?? null;
  const keyCommand = security.kms_command ?? null;
  const encrypt = security.encrypt_secrets ?? (encryptionKey ?? keyCommand) !== null;
  return { encrypt, encryptionKey, keyCommand };
}

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
