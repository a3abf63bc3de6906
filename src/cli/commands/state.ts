import { extname, resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { StateConfig } from "../../config/config.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { backendOfFile, migrateOperation } from "../../operations/backup/migrate-state.ts";
import { type StateBackend, type StatePlace, stateBackends } from "../../state/open-state.ts";
import { readStateUrl } from "../../state/state-place.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { countsText } from "../counts-text.ts";
import { loadConfig } from "../load-config.ts";
import { fileContextOf } from "../operation-command.ts";
import { configOption, filePath } from "../options.ts";

const migrateCommand: CommandSpec = {
  name: "migrate",
  summary: "Copy a state into another backend, or into its own place from a backup",
  details:
    "Nobody may write to either of them meanwhile. The source stays as it is; the target appears in one step when it is whole. Afterwards the " +
    "configuration has to name the target: the command says how.",
  options: [
    configOption(),
    new Option("--to <backend>", "the backend of the target: json, sqlite, postgres; or its whole URL")
      .argParser(target)
      .makeOptionMandatory(),
    new Option(
      "--from <file>",
      "another state than the configured one: a file, such as a backup, or the URL of a database",
    ).argParser(filePath),
    new Option(
      "--path <file>",
      "the target; by default the configured state, or its neighbour with .db or .json",
    ).argParser(filePath),
    new Option("--replace", "replace what the target holds; it is kept beside it under another name"),
  ],
  examples: [
    "state migrate --to sqlite",
    "state migrate --from state-backup.db --to sqlite --replace",
    "state migrate --to postgres://connector@db.example.org/memories",
  ],
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
      ...(to.path === state.path && to.backend === state.backend ? [] : [howToUse(to)]),
    ].join("\n"),
  };
}

function howToUse({ backend, path }: StatePlace): string {
  if (backend === "postgres")
    return `To use it, set state.url to ${path}, and remove state.backend and state.path.`;
  return `To use it, set state.backend to ${backend} and state.path to ${path}.`;
}

async function sourceOf(input: CommandInput, state: StateConfig, cwd: string): Promise<StatePlace> {
  if (input.options.from === undefined) return state;
  const given = String(input.options.from);
  if (isUrl(given)) return placeOf(given, state, cwd);
  const path = resolve(cwd, given);
  return { backend: await backendOfFile(path), path };
}

const extensions: Readonly<Record<StateBackend, string>> = { json: ".json", sqlite: ".db", postgres: "" };

function targetOf(input: CommandInput, state: StateConfig, cwd: string): StatePlace {
  const to = String(input.options.to);
  if (isUrl(to)) return placeOf(to, state, cwd);
  const backend = to as StateBackend;
  if (input.options.path !== undefined) return { backend, path: resolve(cwd, String(input.options.path)) };
  if (backend === state.backend) return state;
  if (backend === "postgres" || state.backend === "postgres") throw unnamed(backend);
  const extension = extname(state.path);
  const stem = extension === "" ? state.path : state.path.slice(0, -extension.length);
  return { backend, path: `${stem}${extensions[backend]}` };
}

/** A database has no neighbour whose name could be meant. */
function unnamed(backend: StateBackend): ConnectorError {
  const message = `--to ${backend} does not say where the target is`;
  const hint =
    backend === "postgres"
      ? "give its URL: --to postgres://user@server/database"
      : `name its file: --to ${backend} --path memory_sync_state${extensions[backend]}`;
  return new ConnectorError("USAGE", message, { subject: "--to", hint });
}

const isUrl = (text: string) => /^(?:postgres(?:ql)?|sqlite|json):/u.test(text);

/** A backend or a URL. */
function target(text: string): string {
  if (stateBackends.some((backend) => backend === text)) return text;
  const place = isUrl(text)
    ? readStateUrl(text)
    : { problem: `must be ${stateBackends.join(", ")}, or a URL` };
  if ("problem" in place) throw new InvalidArgumentError(place.problem);
  return text;
}

/** The place that a URL names. The configured password goes to the configured server alone. */
function placeOf(url: string, state: StateConfig, cwd: string): StatePlace {
  const place = readStateUrl(url);
  if ("problem" in place) throw new ConnectorError("USAGE", `--from ${place.problem}`, { subject: "--from" });
  if (place.backend !== "postgres") return { ...place, path: resolve(cwd, place.path) };
  const isConfigured = state.backend === "postgres" && new URL(state.path).host === new URL(place.path).host;
  return { ...place, password: place.password ?? (isConfigured ? state.password : null) };
}
