import * as z from "zod";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import { givenKeys, isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { text } from "../../kernel/settings/types.ts";
import { parseSecretKeys } from "./secret-key.ts";
import type { SecretSettings } from "./secret-vault.ts";

export const securitySettings = z.strictObject({
  encrypt_secrets: z.boolean().optional().register(metadata, {
    description:
      "Seal the secrets of connectors made through the API. `false` keeps new ones plain; sealed ones can be read all the same.",
    example: true,
    defaultText: "`true` where a key is named, else `false`",
  }),
  encryption_key: text().optional().register(metadata, {
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
    .register(metadata, {
      description:
        "Program and arguments that print the key, run without a shell for at most 10 s; used only without `encryption_key`.",
      example: ["vault", "kv", "get", "-field=key", "secret/memory-connector"],
    }),
});

/** Encryption requires a key: secrets are never silently left plain. */
export function sealingHasKey(block: unknown): RuleProblem[] {
  const names = givenKeys(block, ["encryption_key", "kms_command"]);
  if (!isMap(block) || block.encrypt_secrets !== true || names.length > 0) return [];
  const hint = "set ENCRYPTION_KEY; `memory-connector secrets generate-key` makes a key";
  return [{ path: ["encrypt_secrets"], reason: "is true, and no key is named", hint }];
}

export function toSecretSettings(security: z.output<typeof securitySettings>): SecretSettings {
  const encryptionKey = security.encryption_key ?? null;
  const keyCommand = security.kms_command ?? null;
  const encrypt = security.encrypt_secrets ?? (encryptionKey ?? keyCommand) !== null;
  return { encrypt, encryptionKey, keyCommand };
}

/** A warning, not an error: earlier versions accepted any text here. */
export function unusableKey({ encryptionKey }: SecretSettings): RuleProblem[] {
  if (encryptionKey === null) return [];
  try {
    parseSecretKeys(encryptionKey);
    return [];
  } catch (thrown) {
    const { message, hint } = toConnectorError(thrown);
    return [{ path: ["encryption_key"], reason: `cannot seal anything: ${message}`, hint }];
  }
}
