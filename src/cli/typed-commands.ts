import type { Option } from "commander";
import type { CliIo } from "./cli-io.ts";
import type { CommandSpec } from "./command.ts";
import { defaultConfigFile } from "./options.ts";
import { isOwnScript } from "./process/npm-shell.ts";

/** What a person types to get here: in a checkout there is no installed command. */
export function typedCommand(env: CliIo["env"]): string {
  return isOwnScript(env) ? "npm run -s cli --" : "memory-connector";
}

/**
 * A text with the commands that it advises, as in `memory-connector sync --all`, in the form that works when this very person types
 * it: with the name that the command has here, and with the configuration that they named.
 */
export function asTyped(
  text: string,
  argv: readonly string[],
  env: CliIo["env"],
  table: readonly CommandSpec[],
): string {
  const name = typedCommand(env);
  const config = configArgument(argv);
  return text.replace(/`memory-connector ([a-z][^`]*)`/gu, (_, words: string) => {
    const takesIt = config !== null && optionsOf(words, table).some(({ long }) => long === "--config");
    return `\`${name} ${words}${takesIt ? ` --config ${quoted(config)}` : ""}\``;
  });
}

/** The value of --config when it is not the default. */
function configArgument(argv: readonly string[]): string | null {
  const at = argv.findIndex((word) => /^(?:-c|--config)(?:=|$)/u.test(word));
  if (at === -1) return null;
  const value = argv[at]?.split("=")[1] ?? argv[at + 1] ?? null;
  return value === defaultConfigFile ? null : value;
}

/** Of the command that the words name; none when it has --config among them already. */
function optionsOf(words: string, table: readonly CommandSpec[]): readonly Option[] {
  if (words.includes("--config")) return [];
  const [name, child] = words.split(" ");
  const spec = table.find((each) => each.name === name);
  return (spec?.children?.find((each) => each.name === child) ?? spec)?.options ?? [];
}

const quoted = (value: string): string =>
  /^[\w./:@%+-]+$/u.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
