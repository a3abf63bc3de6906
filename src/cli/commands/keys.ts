import { Argument, Option } from "commander";
import * as z from "zod";
import { cliOrigin } from "../../access/audit/audit-origin.ts";
import { hasNotEnded, KeyRing, type NewKey } from "../../access/key-ring.ts";
import { instantSchema, isoInstant } from "../../json/run-json.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import type { App } from "../../runtime/app.ts";
import { apiRoles, type StoredApiKey } from "../../state/record-stores.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { wholeNumber } from "../option-values.ts";
import { renderTable } from "../table.ts";
import { withApp } from "../with-app.ts";

const keySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.enum(apiRoles),
  createdAt: instantSchema,
  endsAt: instantSchema.nullable().describe("from then on it is refused"),
});
const newKeySchema = z.strictObject({ ...keySchema.shape, key: z.string().describe("shown this once") });

const createKey: CommandSpec = {
  name: "create",
  summary: "Make a key to the management API and print it, this once",
  options: [
    configOption(),
    new Option("--name <name>", "what it is for").makeOptionMandatory(),
    new Option("--role <role>", "`viewer` may look, `admin` may do everything")
      .choices(apiRoles)
      .default("viewer"),
  ],
  details: "The key alone goes to stdout: `KEY=$(memory-connector keys create --name ops --role admin)`.",
  examples: ["keys create --name grafana", "keys create --name ops --role admin"],
  json: newKeySchema,
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const role = input.options.role === "admin" ? "admin" : "viewer";
      const made = await keyRing(app).create(String(input.options.name), role);
      await recordKey(app, "key.create", made.stored);
      return shownOnce(made);
    }),
};

const listKeys: CommandSpec = {
  name: "list",
  summary: "List the keys that were made here, without the keys themselves",
  options: [configOption()],
  examples: ["keys list"],
  json: z.strictObject({ keys: z.array(keySchema) }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const keys = await keyRing(app).list();
      const header = ["ID", "NAME", "ROLE", "MADE", "ENDS", "IN FORCE"];
      const text = keys.length === 0 ? "No keys were made here." : renderTable(header, keys.map(cells));
      return { json: { keys: keys.map(keyJson) }, text };
    }),
};

const rotateKey: CommandSpec = {
  name: "rotate",
  summary: "Make a key in the place of another, which works on for a while",
  arguments: [new Argument("<id>", "the key to replace")],
  options: [
    configOption(),
    new Option("--grace-hours <n>", "how long the old key works on")
      .argParser(wholeNumber(0, 8760))
      .default(24),
  ],
  examples: ["keys rotate 1f3a9c00", "keys rotate 1f3a9c00 --grace-hours 1"],
  json: newKeySchema,
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const graceMs = Number(input.options.graceHours) * 3_600_000;
      const replaced = input.arguments[0] ?? "";
      const made = await keyRing(app).rotate(replaced, graceMs);
      await recordKey(app, "key.rotate", made.stored, { id: replaced });
      return shownOnce(made);
    }),
};

const revokeKey: CommandSpec = {
  name: "revoke",
  summary: "End a key at once",
  arguments: [new Argument("<id>", "the key to end")],
  options: [configOption()],
  examples: ["keys revoke 1f3a9c00"],
  json: keySchema,
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const key = await keyRing(app).revoke(input.arguments[0] ?? "");
      await recordKey(app, "key.revoke", key);
      return { json: keyJson(key), text: `Key ${key.id} (${key.name}) is refused from now on.` };
    }),
};

export const keysCommand: CommandSpec = {
  name: "keys",
  summary: "Make, list, rotate and revoke keys to the management API",
  options: [],
  examples: [],
  children: [createKey, listKeys, rotateKey, revokeKey],
};

function keyRing({ state }: App): KeyRing {
  return new KeyRing({ store: state.apiKeys, configured: () => null, clock: systemClock });
}

async function recordKey(
  app: App,
  action: "key.create" | "key.rotate" | "key.revoke",
  key: StoredApiKey,
  before?: unknown,
): Promise<void> {
  await app.audit.record(cliOrigin(), { action, subject: key.id, before, after: keyJson(key) });
}

function shownOnce({ key, stored }: NewKey) {
  return {
    json: { ...keyJson(stored), key },
    text: key,
    notice: `This is the only time that the key is shown. Its id is ${stored.id}, its role ${stored.role}.`,
  };
}

function keyJson({ id, name, role, createdAt, endsAt }: StoredApiKey): z.infer<typeof keySchema> {
  return {
    id,
    name,
    role,
    createdAt: isoInstant(createdAt),
    endsAt: endsAt === null ? null : isoInstant(endsAt),
  };
}

function cells(key: StoredApiKey): string[] {
  const inForce = hasNotEnded(key, Date.now()) ? "yes" : "no";
  return [key.id, key.name, key.role, readableMoment(key.createdAt), readableMoment(key.endsAt), inForce];
}
