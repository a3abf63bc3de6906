import * as z from "zod";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { cliOrigin } from "../../access/audit/audit-origin.ts";
import { rotateSecrets } from "../../access/secrets/rotate-secrets.ts";
import { newSecretKey } from "../../access/secrets/secret-key.ts";
import { type SecretRecord, secretRecords } from "../../access/secrets/secret-status.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import type { Config } from "../../config/config.ts";
import { maskSecrets, secretKeys } from "../../config/mask-secrets.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { renderTable } from "../table.ts";
import { withState } from "../with-state.ts";

const countSchema = z.int().min(0);

const secretsStatus: CommandSpec = {
  name: "status",
  summary: "Show how the secrets of the state store are kept, and whether the configured keys open them",
  details: "Prints no secret. Ends with exit code 1 when a secret cannot be opened.",
  options: [configOption()],
  examples: ["secrets status", "secrets status --json"],
  json: z.strictObject({
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
  run: (input, context) =>
    withState(input, context, { readOnly: true }, async (state, config) => {
      const keys = await vaultOf(config).keys();
      const connectors = await secretRecords(state.connectors, keys, secretKeys());
      const { encrypt } = config.advanced.secrets;
      const sealingKey = keys?.sealing.id ?? null;
      const otherKeys = keys?.ids.filter((id) => id !== sealingKey) ?? [];
      return {
        json: { encrypt, sealingKey, otherKeys, connectors },
        text: [keyLine(encrypt, sealingKey, otherKeys), recordsText(connectors)].join("\n"),
        exitCode: connectors.every(({ problem }) => problem === null) ? exitCodes.ok : exitCodes.runFailed,
      };
    }),
};

const rotateCommand: CommandSpec = {
  name: "rotate",
  summary: "Seal every stored secret with the first configured key",
  details:
    "For a new key: put it before the old one, with a comma between (`ENCRYPTION_KEY=new,old`), rotate, then remove the old one. Seals " +
    "secrets that are still plain as well; with `encrypt_secrets: false` it makes them plain again. Nothing is changed unless every " +
    "secret can be opened. Interrupted, it is run again and does the rest.",
  options: [configOption()],
  examples: ["secrets rotate"],
  json: z.strictObject({ changed: z.array(z.string()), unchanged: countSchema }),
  run: (input, context) =>
    withState(input, context, { readOnly: false }, async (state, config) => {
      const { encrypt } = config.advanced.secrets;
      const keys = await vaultOf(config).keys();
      if (keys === null) throw new ConnectorError("SECRETS_KEY_MISSING", "no encryption key is configured");
      const rotation = await rotateSecrets({ store: state.connectors, keys, names: secretKeys(), encrypt });
      await new AuditLog(state.audit, systemClock, maskSecrets).record(cliOrigin(), {
        action: "secrets.rotate",
        subject: null,
        after: { ...rotation, sealingKey: encrypt ? keys.sealing.id : null },
      });
      const form = encrypt ? `sealed with the key ${keys.sealing.id}` : "plain";
      const changed = plural(rotation.changed.length, "connector");
      return {
        json: rotation,
        text: `The secrets of ${changed} were saved anew; all are ${form} now.`,
      };
    }),
};

const generateKey: CommandSpec = {
  name: "generate-key",
  summary: "Make an encryption key and print it",
  details:
    "It is kept nowhere. Without it the secrets that it sealed are lost: keep a copy of it in a safe place.",
  options: [],
  examples: ["secrets generate-key"],
  json: z.strictObject({ key: z.string() }),
  run: async () => {
    const key = newSecretKey();
    return { json: { key }, text: key };
  },
};

export const secretsCommand: CommandSpec = {
  name: "secrets",
  summary: "Seal the secrets of the state store, change their key, look how they are kept",
  options: [],
  examples: [],
  children: [secretsStatus, rotateCommand, generateKey],
};

function vaultOf({ advanced }: Config): SecretVault {
  return new SecretVault(() => advanced.secrets);
}

function keyLine(encrypt: boolean, sealingKey: string | null, otherKeys: readonly string[]): string {
  if (sealingKey === null)
    return "No key is configured: secrets of connectors made through the API stay plain.";
  const others = otherKeys.length === 0 ? "" : ` (also opening: ${otherKeys.join(", ")})`;
  return encrypt
    ? `New secrets are sealed with the key ${sealingKey}${others}.`
    : `Sealing is switched off; sealed secrets are opened with the key ${sealingKey}${others}.`;
}

function recordsText(records: readonly SecretRecord[]): string {
  if (records.length === 0) return "The state store holds no secrets.";
  const rows = records.map(({ connectorId, plain, sealed, problem }) => [
    connectorId,
    String(plain),
    sealed.map(({ keyId, secrets }) => `${secrets} (${keyId})`).join(", ") || "0",
    problem === null ? "yes" : `${problem.code}: ${problem.message} · ${problem.hint}`,
  ]);
  return renderTable(["CONNECTOR", "PLAIN", "SEALED (KEY)", "CAN BE OPENED"], rows);
}
