import * as z from "zod";
import { secretRecords } from "../../access/secrets/secret-status.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import { secretKeys } from "../../config/mask-secrets.ts";
import { stateOperation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";

export const secretsStatus = stateOperation({
  name: "secrets.status",
  tag: "Service",
  summary: "Show how the secrets of the state store are kept, and whether the configured keys open them",
  details: "Shows no secret, and of the keys that seal them nothing but ids.",
  access: "admin",
  input: z.strictObject({}),
  output: z.strictObject({
    encrypt: z.boolean().describe("what is saved from now on is sealed"),
    sealingKey: z.string().nullable().describe("id of the key that seals"),
    otherKeys: z.array(z.string()).describe("ids of keys that only open"),
    connectors: z.array(
      z.strictObject({
        connectorId: z.string(),
        plain: countSchema,
        sealed: z.array(z.strictObject({ keyId: z.string(), secrets: countSchema })),
        problem: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
      }),
    ),
  }),
  errors: ["SECRETS_KEY_INVALID", "SECRETS_KEY_COMMAND"],
  run: async ({ services: { state, config } }) => {
    const { secrets } = config.advanced;
    const keys = await new SecretVault(() => secrets).keys();
    const sealingKey = keys?.sealing.id ?? null;
    return {
      encrypt: secrets.encrypt,
      sealingKey,
      otherKeys: keys?.ids.filter((id) => id !== sealingKey) ?? [],
      connectors: await secretRecords(state.connectors, keys, secretKeys()),
    };
  },
});
