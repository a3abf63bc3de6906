import { resolve } from "node:path";
import { Argument, Option } from "commander";
import type * as z from "zod";
import { systemClock } from "../../kernel/util/clock.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import { proveArchive, restoreState } from "../../operations/backup/restore-state.ts";
import type { CommandResult, CommandSpec } from "../command.ts";
import { countsText } from "../counts-text.ts";
import { loadConfig } from "../load-config.ts";
import { fileContextOf } from "../operation-command.ts";
import { configOption, filePath } from "../options.ts";

type Restored = z.output<typeof restoreState.output>;

export const restoreCommand: CommandSpec = {
  name: "restore",
  summary: restoreState.summary,
  details:
    "The archive is read whole and every checksum is compared before anything changes; then the state changes in one step, so that a crash " +
    "leaves either the old or the new one. The backend need not be the one that the archive was made from. An archive of one connector " +
    "replaces what belongs to that connector and leaves the others alone. Keys to the API and the secrets of connectors stay out unless " +
    "--with-keys asks for them; the keys that the state has stay. A connector that was made through the API and leads to a server or folder that the configuration does not name comes in disabled, " +
    "unless --with-keys says that the archive is your own. All of it is named, with --check, too. Nothing may have the state open for writing. LightRAG is not " +
    "touched: the next sync finds there what it holds, and sends what it does not.",
  arguments: [new Argument("<file>", "an archive that `export` wrote").argParser(filePath)],
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
  json: restoreState.output,
  operations: [restoreState, proveArchive],
  run: async (input, context) => {
    const file = resolve(context.io.cwd, input.arguments[0] ?? "");
    if (input.options.check === true) {
      const { signal } = context.io;
      const alone = {
        services: {},
        service: null,
        clock: systemClock,
        signal,
        record: async () => undefined,
      };
      return resultOf(await proveArchive.run(alone, { file }));
    }
    const { replace, withKeys } = input.options;
    const given = { file, replace: replace === true, withKeys: withKeys === true };
    return resultOf(await restoreState.run(fileContextOf(loadConfig(input, context), context), given));
  },
};

function resultOf(answer: Restored): CommandResult {
  const { restored, records, createdAt, keptAs } = answer;
  return {
    json: answer,
    text: [
      `${restored ? "Restored" : "Whole"}: ${countsText(records)}, as of ${readableMoment(Date.parse(createdAt))}.`,
      ...rightsText(answer),
      ...(keptAs === null ? [] : [`What was there before is kept as ${keptAs}.`]),
    ].join("\n"),
  };
}

function rightsText(answer: Restored): string[] {
  const { connectors, keys, secrets, elsewhere, ...done } = answer;
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
