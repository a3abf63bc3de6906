import { Argument, Option } from "commander";
import * as z from "zod";
import type { CommandSpec } from "../command.ts";
import { completionScript, type Shell, shells } from "../completion-script.ts";

/** `table` is asked when the command runs: the command is in it. */
export function completionCommand(table: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: "completion",
    summary: "Print a script by which a shell completes commands and options",
    details:
      'For bash and zsh: `eval "$(memory-connector completion bash)"` in `.bashrc` or `.zshrc`. For fish: ' +
      "`memory-connector completion fish | source` in `config.fish`.",
    arguments: [new Argument("<shell>", "the shell").choices(shells)],
    options: [],
    examples: ["completion bash", "completion zsh", "completion fish"],
    json: z.strictObject({ shell: z.enum(shells), script: z.string() }),
    run: async (input) => {
      const shell = input.arguments[0] as Shell;
      const everywhere = [
        new Option("--json", "print JSON"),
        new Option("--verbose", "print causes"),
        new Option("--help", "show help"),
      ];
      const script = completionScript(shell, table(), everywhere);
      return { json: { shell, script }, text: script.trimEnd(), isDocument: true };
    },
  };
}
