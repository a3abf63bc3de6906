import { resolve } from "node:path";
import { Argument, Option } from "commander";
import { readableBytes } from "../../kernel/util/readable.ts";
import { makeBackup } from "../../operations/backup/make-backup.ts";
import type { CommandSpec } from "../command.ts";
import { loadConfig } from "../load-config.ts";
import { fileContextOf } from "../operation-command.ts";
import { configOption, filePath } from "../options.ts";

export const backupCommand: CommandSpec = {
  name: "backup",
  summary: makeBackup.summary,
  details:
    "The copy is a state of the same backend, shows one moment, and has been checked. Without a file it goes to `state.backup_folder`, under the " +
    "time that it was made at. To use it, name it by state.path, or put it in the " +
    "state's place with `state migrate --from`. It holds what the state holds, secrets of connectors included, and is readable by its owner only.",
  arguments: [new Argument("[file]", "the copy").argParser(filePath)],
  options: [configOption(), new Option("--force", "overwrite the file")],
  examples: ["backup", "backup state-backup.db", "backup state-backup.db --force"],
  json: makeBackup.output,
  operations: [makeBackup],
  run: async (input, context) => {
    const [named] = input.arguments;
    const read = loadConfig(input, context);
    const file = named === undefined ? undefined : resolve(context.io.cwd, named);
    const force = input.options.force === true;
    const json = await makeBackup.run(fileContextOf(read, context), { file, force });
    return { json, text: `Copied ${read.config.state.path} to ${json.file} (${readableBytes(json.bytes)}).` };
  },
};
