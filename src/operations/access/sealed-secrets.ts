import * as z from "zod";
import { rotateSecrets as sealAgain } from "../../access/secrets/rotate-secrets.ts";
import { secretRecords } from "../../access/secrets/secret-status.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import { secretKeys } from "../../config/mask-secrets.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
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

export const rotateSecrets = stateOperation({
  name: "secrets.rotate",
  tag: "Service",
  summary: "Seal every stored secret with the first configured key",
  details:
    "For a new key: put it before the old one, with a comma between (`ENCRYPTION_KEY=new,old`), rotate, then remove the old one. Seals " +
    "secrets that are still plain as well; with `encrypt_secrets: false` it makes them plain again. Nothing is changed unless every " +
    "secret can be opened. Interrupted, it is run again and does the rest.",
  access: "admin",
  input: z.strictObject({}),
  output: z.strictObject({
    changed: z.array(z.string()).describe("connectors whose secrets were saved anew"),
    unchanged: countSchema,
    sealingKey: z.string().nullable().describe("id of the key that seals; null when secrets are plain"),
  }),
  errors: ["SECRETS_KEY_MISSING", "SECRETS_KEY_INVALID", "SECRETS_KEY_COMMAND"],
  changes: ["secrets.rotate"],
  run: async ({ services: { state, config }, record }) => {
    const { secrets } = config.advanced;
    const { encrypt } = secrets;
    const keys = await new SecretVault(() => secrets).keys();
    if (keys === null) throw new ConnectorError("SECRETS_KEY_MISSING", "no encryption key is configured");
    const rotation = await sealAgain({ store: state.connectors, keys, names: secretKeys(), encrypt });
    const after = { ...rotation, sealingKey: encrypt ? keys.sealing.id : null };
    await record({ action: "secrets.rotate", subject: null, after });
    return after;
  },
});
