import type { Option } from "commander";
import type { CliIo } from "./cli-io.ts";
import type { CommandSpec } from "./command.ts";
import { defaultConfigFile } from "./options.ts";
import { isOwnScript } from "./process/npm-shell.ts";

/** The command as typed by this user: in a checkout no command is installed. */
export function typedCommand(env: CliIo["env"]): string {
  return isOwnScript(env) ? "npm run -s cli --" : "memory-connector";
}

/**
 * Rewrites the commands that a text advises, such as `memory-connector sync --all`, so that they work for this user: with the
 * command's name here, and with the configuration that was given.
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
  // As commander reads them: `-c FILE`, `-cFILE`, `--config FILE`, `--config=FILE`.
  const at = argv.findIndex((word) => /^(?:-c|--config(?:=|$))/u.test(word));
  const [, attached = ""] = /^(?:-c|--config=?)(.*)$/su.exec(argv[at] ?? "") ?? [];
  const value = attached || (argv[at + 1] ?? null);
  return at === -1 || value === defaultConfigFile ? null : value;
}

/** The options of the named command; none if --config is already given. */
function optionsOf(words: string, table: readonly CommandSpec[]): readonly Option[] {
  if (words.includes("--config")) return [];
  const [name, child] = words.split(" ");
  const spec = table.find((each) => each.name === name);
  return (spec?.children?.find((each) => each.name === child) ?? spec)?.options ?? [];
}

const quoted = (value: string): string =>
  /^[\w./:@%+-]+$/u.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
