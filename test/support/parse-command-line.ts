import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { buildProgram, type runCommandLine } from "../../src/cli/program.ts";

const quiet = {
  ...({} as Parameters<typeof runCommandLine>[1]),
  writeOut: () => undefined,
  writeErr: () => undefined,
};

/** Why a command line (after `memory-connector`) is none, as far as the command line itself can tell; null when its words are right. */
export async function faultOfCommandLine(words: readonly string[]): Promise<string | null> {
  const program = buildProgram(quiet, () => undefined, commands.map(idle));
  try {
    await program.parseAsync(words, { from: "user" });
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

/** The command that the words name, its own words first. */
export function commandOf([name, child]: readonly string[]): CommandSpec | undefined {
  const spec = commands.find((each) => each.name === name);
  return spec?.children?.find((each) => each.name === child) ?? spec;
}

/** Words as a shell sees them, of a line without variables and escapes. */
export function wordsOf(line: string): string[] {
  return line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/gu)?.map((word) => word.replaceAll(/["']/gu, "")) ?? [];
}

function idle(spec: CommandSpec): CommandSpec {
  return {
    ...spec,
    ...(spec.children && { children: spec.children.map(idle) }),
    ...(spec.run && { run: async () => ({ json: null, text: "" }) }),
  };
}
