import { Argument, Option } from "commander";
import type * as z from "zod";
import { readableMoment } from "../../kernel/util/readable.ts";
import {
  createKey,
  listKeys,
  type newKeySchema,
  revokeKey,
  rotateKey,
} from "../../operations/access/api-keys.ts";
import { apiRoles } from "../../state/record-stores.ts";
import type { CommandSpec } from "../command.ts";
import { renderTable } from "../lay-out.ts";
import { stateCommandOf } from "../operation-command.ts";
import { configOption, wholeNumber } from "../options.ts";

type ListedKey = z.output<typeof listKeys.output>["keys"][number];

const createCommand = stateCommandOf(createKey, {
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
  input: ({ options }) => ({
    name: String(options.name),
    role: options.role === "admin" ? ("admin" as const) : ("viewer" as const),
  }),
  text: ({ key }) => key,
  notice: shownOnce,
});

const listCommand = stateCommandOf(listKeys, {
  name: "list",
  summary: "List the keys that were made here, without the keys themselves",
  options: [configOption()],
  examples: ["keys list"],
  input: () => ({}),
  text: ({ keys }) => {
    const header = ["ID", "NAME", "ROLE", "MADE", "LAST USED", "ENDS", "IN FORCE"];
    return keys.length === 0 ? "No keys were made here." : renderTable(header, keys.map(cells));
  },
});

const rotateCommand = stateCommandOf(rotateKey, {
  name: "rotate",
  arguments: [new Argument("<id>", "the key to replace")],
  options: [
    configOption(),
    new Option("--grace-hours <n>", "how long the old key works on")
      .argParser(wholeNumber(0, 8760))
      .default(24),
  ],
  examples: ["keys rotate 1f3a9c00", "keys rotate 1f3a9c00 --grace-hours 1"],
  input: ({ options, arguments: [keyId = ""] }) => ({ keyId, graceHours: Number(options.graceHours) }),
  text: ({ key }) => key,
  notice: shownOnce,
});

const revokeCommand = stateCommandOf(revokeKey, {
  name: "revoke",
  arguments: [new Argument("<id>", "the key to end")],
  options: [configOption()],
  examples: ["keys revoke 1f3a9c00"],
  input: ({ arguments: [keyId = ""] }) => ({ keyId }),
  text: ({ id, name }) => `Key ${id} (${name}) is refused from now on.`,
});

export const keysCommand: CommandSpec = {
  name: "keys",
  summary: "Make, list, rotate and revoke keys to the management API",
  options: [],
  examples: [],
  children: [createCommand, listCommand, rotateCommand, revokeCommand],
};

function shownOnce({ id, role }: z.output<typeof newKeySchema>): string {
  return `This is the only time that the key is shown. Its id is ${id}, its role ${role}.`;
}

function cells({ id, name, role, createdAt, lastUsedAt, endsAt }: ListedKey): string[] {
  const end = endsAt === null ? null : Date.parse(endsAt);
  const inForce = end === null || end > Date.now() ? "yes" : "no";
  const used = lastUsedAt === null ? null : Date.parse(lastUsedAt);
  return [
    id,
    name,
    role,
    readableMoment(Date.parse(createdAt)),
    readableMoment(used),
    readableMoment(end),
    inForce,
  ];
}
