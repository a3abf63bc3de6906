import { extname, resolve } from "node:path";
import { Option } from "commander";
import type { StateConfig } from "../../config/config.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { backendOfFile, migrateOperation } from "../../operations/backup/migrate-state.ts";
import { fileBackends, type StatePlace } from "../../state/open-state.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { countsText } from "../counts-text.ts";
import { loadConfig } from "../load-config.ts";
import { fileContextOf } from "../operation-command.ts";
import { configOption, filePath } from "../options.ts";

const migrateCommand: CommandSpec = {
  name: "migrate",
  summary: "Copy a state into the other backend, or into its own place from a backup",
  details:
    "Nobody may write to either of them meanwhile. The source stays as it is; the target appears in one step when it is whole. Afterwards the " +
    "configuration has to name the target: the command says how.",
  options: [
    configOption(),
    new Option("--to <backend>", "the backend of the target").choices(fileBackends).makeOptionMandatory(),
    new Option("--from <file>", "another state file than the configured one, such as a backup").argParser(
      filePath,
    ),
    new Option(
      "--path <file>",
      "the target; by default the configured state, or its neighbour with .db or .json",
    ).argParser(filePath),
    new Option("--replace", "replace what the target holds; it is kept beside it under another name"),
  ],
  examples: ["state migrate --to sqlite", "state migrate --from state-backup.db --to sqlite --replace"],
  json: migrateOperation.output,
  operations: [migrateOperation],
  run: migrate,
};

export const stateCommand: CommandSpec = {
  name: "state",
  summary: "Work on the state store as a whole",
  options: [],
  examples: [],
  children: [migrateCommand],
};

async function migrate(input: CommandInput, context: CommandContext): Promise<CommandResult> {
  const read = loadConfig(input, context);
  const { state } = read.config;
  const from = await sourceOf(input, state, context.io.cwd);
  const to = targetOf(input, state, context.io.cwd);
  if (from.path === to.path) {
    throw new ConnectorError("USAGE", `${to.path} is both the source and the target`, { subject: to.path });
  }
  const given = { from, to, replace: input.options.replace === true };
  const migrated = await migrateOperation.run(fileContextOf(read, context, to), given);
  const { records, keptAs } = migrated;
  return {
    json: migrated,
    text: [
      `Copied to ${to.path}: ${countsText(records)}.`,
      ...(keptAs === null ? [] : [`What was there before is kept as ${keptAs}.`]),
      ...(to.path === state.path && to.backend === state.backend
        ? []
        : [`To use it, set state.backend to ${to.backend} and state.path to ${to.path}.`]),
    ].join("\n"),
  };
}

async function sourceOf(input: CommandInput, state: StateConfig, cwd: string): Promise<StatePlace> {
  if (input.options.from === undefined) return { backend: state.backend, path: state.path };
  const path = resolve(cwd, String(input.options.from));
  return { backend: await backendOfFile(path), path };
}

type FileBackendName = (typeof fileBackends)[number];

const extensions: Readonly<Record<FileBackendName, string>> = { json: ".json", sqlite: ".db" };

function targetOf(input: CommandInput, state: StateConfig, cwd: string): StatePlace {
  const backend = input.options.to as FileBackendName;
  if (input.options.path !== undefined) return { backend, path: resolve(cwd, String(input.options.path)) };
  if (backend === state.backend) return { backend, path: state.path };
  const extension = extname(state.path);
  const stem = extension === "" ? state.path : state.path.slice(0, -extension.length);
  return { backend, path: `${stem}${extensions[backend]}` };
}
