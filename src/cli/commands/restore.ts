import { resolve } from "node:path";
import { Argument, Option } from "commander";
import * as z from "zod";
import { systemClock } from "../../kernel/util/clock.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import type { BroughtRights } from "../../operations/backup/access-rights.ts";
import type { RestoreReport } from "../../operations/backup/restore-archive.ts";
import { instantSchema } from "../../operations/runs/run-json.ts";
import type { CommandResult, CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { loadConfig } from "../load-config.ts";
import { recordInState } from "../record-in-state.ts";
import { countsText, recordCountsSchema } from "./export.ts";

export const restoreCommand: CommandSpec = {
  name: "restore",
  summary: "Make the state what an archive holds",
  details:
    "The archive is read whole and every checksum is compared before anything changes; then the state changes in one step, so that a crash " +
    "leaves either the old or the new one. The backend need not be the one that the archive was made from. An archive of one connector " +
    "replaces what belongs to that connector and leaves the others alone. Keys to the API and the secrets of connectors stay out unless " +
    "--with-keys asks for them; the keys that the state has stay. A connector that was made through the API and leads to a server or folder that the configuration does not name comes in disabled, " +
    "unless --with-keys says that the archive is your own. All of it is named, with --check, too. Nothing may have the state open for writing. LightRAG is not " +
    "touched: the next sync finds there what it holds, and sends what it does not.",
  arguments: [new Argument("<file>", "an archive that `export` wrote")],
  options: [
    configOption(),
    new Option("--replace", "replace what the state holds; it is kept beside it under another name"),
    new Option("--with-keys", "take over its keys to the API and its connectors' secrets, too"),
    new Option("--check", "read and prove the archive, change nothing"),
  ],
  examples: [
    "restore memories.tar.gz --check",
    "restore memories.tar.gz",
    "restore memories.tar.gz --replace",
  ],
  json: z.strictObject({
    file: z.string(),
    createdAt: instantSchema,
    writtenBy: z.string().describe("the version of memory-connector that made the archive"),
    connectorId: z.string().nullable().describe("the connector that the archive is of; null for everything"),
    records: recordCountsSchema,
    withKeys: z.boolean().describe("keys and secrets came in; else they stayed out"),
    connectors: z.array(z.string()).describe("connectors of the archive that were made through the API"),
    keys: z
      .array(z.strictObject({ id: z.string(), name: z.string(), role: z.string() }))
      .describe("its keys to the API"),
    secrets: z.array(z.string()).describe("its connectors' secrets, as `connector: setting`"),
    elsewhere: z
      .array(z.string())
      .describe(
        "where its connectors lead and the configuration does not, as `connector: place`; they are disabled unless `withKeys`",
      ),
    restored: z.boolean().describe("false with --check"),
    keptAs: z.string().nullable().describe("where the state is kept that was there before"),
  }),
  run: async (input, context) => {
    const { restoreArchive, checkArchive } = await import("../../operations/backup/restore-archive.ts");
    const { signal, cwd } = context.io;
    const file = resolve(cwd, input.arguments[0] ?? "");
    if (input.options.check === true) {
      const found = await checkArchive(file, signal);
      return answer(file, { ...found, keptKeys: [], keptAs: null }, { restored: false, withKeys: false });
    }
    const { config, surroundings } = loadConfig(input, context);
    const { state } = config;
    const overwrite = input.options.replace === true;
    const withKeys = input.options.withKeys === true;
    const { tree } = surroundings;
    const report = await restoreArchive(
      { file, overwrite, withKeys, tree, state, clock: systemClock },
      signal,
    );
    const { head, counts: records, keptAs, keptKeys, rights } = report;
    const { connectors, elsewhere } = rights;
    const brought = { connectors, elsewhere, keys: withKeys ? rights.keys : [], keptKeys };
    const after = { file, createdAt: head.createdAt, records, keptAs, ...brought };
    await recordInState(state, { action: "state.restore", subject: head.connectorId, after });
    return answer(file, report, { restored: true, withKeys });
  },
};

function answer(
  file: string,
  { head, counts, keptAs, rights }: RestoreReport,
  done: { restored: boolean; withKeys: boolean },
): CommandResult {
  const { createdAt, writtenBy, connectorId } = head;
  const { restored, withKeys } = done;
  return {
    json: { file, createdAt, writtenBy, connectorId, records: counts, withKeys, ...rights, restored, keptAs },
    text: [
      `${restored ? "Restored" : "Whole"}: ${countsText(counts)}, as of ${readableMoment(Date.parse(createdAt))}.`,
      ...rightsText(rights, done),
      ...(keptAs === null ? [] : [`What was there before is kept as ${keptAs}.`]),
    ].join("\n"),
  };
}

function rightsText(
  { connectors, keys, secrets, elsewhere }: BroughtRights,
  done: { restored: boolean; withKeys: boolean },
) {
  const fate = done.withKeys ? "came in" : done.restored ? "stayed out" : "stay out without --with-keys";
  const names = keys.map(({ id, name, role }) => `${id} (${name}, ${role})`);
  return [
    ...(connectors.length === 0
      ? []
      : [`Connectors that were made through the API: ${connectors.join(", ")}.`]),
    ...(elsewhere.length === 0 ? [] : [elsewhereText(elsewhere, done)]),
    ...(names.length === 0 ? [] : [`Keys to the API that ${fate}: ${names.join(", ")}.`]),
    ...(secrets.length === 0 ? [] : [`Secrets of connectors that ${fate}: ${secrets.join(", ")}.`]),
  ];
}

function elsewhereText(elsewhere: readonly string[], done: { restored: boolean; withKeys: boolean }): string {
  const list = elsewhere.join(", ");
  if (!done.restored)
    return `Places of their own, where the configuration must lead, too, or they come in disabled: ${list}.`;
  if (done.withKeys) return `They lead where the configuration does not: ${list}.`;
  return `Disabled, because they lead where the configuration does not: ${list}. Look at each; PUT /connectors/{id} with "enabled": true lets it run.`;
}
