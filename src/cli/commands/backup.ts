import { resolve } from "node:path";
import { Argument, Option } from "commander";
import * as z from "zod";
import { readableBytes } from "../../kernel/util/readable.ts";
import { countSchema } from "../../operations/runs/run-json.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { loadConfig } from "../load-config.ts";

export const backupCommand: CommandSpec = {
  name: "backup",
  summary: "Copy the state file while it is being worked on",
  details:
    "The copy is a state of the same backend, shows one moment, and has been checked. To use it, name it by state.path, or put it in the " +
    "state's place with `state migrate --from`. It holds what the state holds, secrets of connectors included, and is readable by its owner only.",
  arguments: [new Argument("<file>", "the copy")],
  options: [configOption(), new Option("--force", "overwrite the file")],
  examples: ["backup state-backup.db", "backup state-backup.db --force"],
  json: z.strictObject({ file: z.string(), bytes: countSchema }),
  run: async (input, context) => {
    const { backUpState } = await import("../../operations/backup/back-up-state.ts");
    const file = resolve(context.io.cwd, input.arguments[0] ?? "");
    const { state } = loadConfig(input, context).config;
    const bytes = await backUpState({ state, file, force: input.options.force === true });
    return { json: { file, bytes }, text: `Copied ${state.path} to ${file} (${readableBytes(bytes)}).` };
  },
};
