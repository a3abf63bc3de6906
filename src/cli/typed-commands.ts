import type { CliIo } from "./cli-io.ts";
import { defaultConfigFile } from "./options.ts";
import { isOwnScript } from "./process/npm-shell.ts";

/** The command as typed by this user: in a checkout no command is installed. */
export function typedCommand(env: CliIo["env"]): string {
  return isOwnScript(env) ? "npm run -s cli --" : "memory-connector";
}

/** The commands without `--config`, by name; all others have it. Named, so that a command need not load the others for its errors. */
export const withoutConfig: ReadonlySet<string> = new Set([
  "completion",
  "demo",
  "import",
  "secrets generate-key",
]);

/**
 * Rewrites the commands that a text advises, such as `memory-connector sync --all`, so that they work for this user: with the
 * command's name here, and with the configuration that was given.
 */
export function asTyped(text: string, argv: readonly string[], env: CliIo["env"]): string {
  const name = typedCommand(env);
  const config = configArgument(argv);
  return text.replace(/`memory-connector ([a-z][^`]*)`/gu, (_, words: string) => {
    return `\`${name} ${words}${config !== null && takesConfig(words) ? ` --config ${quoted(config)}` : ""}\``;
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

/** Whether the named command has the option and is not given it already. */
function takesConfig(words: string): boolean {
  const [name = "", child] = words.split(" ");
  return !words.includes("--config") && !withoutConfig.has(name) && !withoutConfig.has(`${name} ${child}`);
}

const quoted = (value: string): string =>
  /^[\w./:@%+-]+$/u.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
