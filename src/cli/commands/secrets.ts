import * as z from "zod";
import { newSecretKey } from "../../access/secrets/secret-key.ts";
import type { SecretRecord } from "../../access/secrets/secret-status.ts";
import { plural } from "../../kernel/util/readable.ts";
import { rotateSecrets, secretsStatus } from "../../operations/access/sealed-secrets.ts";
import type { CommandSpec } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { renderTable } from "../lay-out.ts";
import { stateCommandOf } from "../operation-command.ts";
import { configOption } from "../options.ts";

const statusCommand = stateCommandOf(secretsStatus, {
  name: "status",
  details: "Prints no secret. Ends with exit code 1 when a secret cannot be opened.",
  options: [configOption()],
  examples: ["secrets status", "secrets status --json"],
  input: () => ({}),
  text: ({ encrypt, sealingKey, otherKeys, connectors }) =>
    [keyLine(encrypt, sealingKey, otherKeys), recordsText(connectors)].join("\n"),
  exitCode: ({ connectors }) =>
    connectors.every(({ problem }) => problem === null) ? exitCodes.ok : exitCodes.runFailed,
});

const rotateCommand = stateCommandOf(rotateSecrets, {
  name: "rotate",
  options: [configOption()],
  examples: ["secrets rotate"],
  input: () => ({}),
  text: ({ changed, sealingKey }) => {
    const form = sealingKey === null ? "plain" : `sealed with the key ${sealingKey}`;
    return `The secrets of ${plural(changed.length, "connector")} were saved anew; all are ${form} now.`;
  },
});

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
  children: [statusCommand, rotateCommand, generateKey],
};

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
