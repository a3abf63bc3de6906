import type { Config } from "../config/config.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import { openState } from "../state/open-state.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { CommandContext, CommandInput, CommandResult } from "./command.ts";
import { loadConfig } from "./load-config.ts";

/** Opens the state store alone, with its records as they stand there, runs the task with it, and closes it whatever happens. */
export async function withState(
  input: CommandInput,
  context: CommandContext,
  access: { readOnly: boolean },
  task: (state: StateManager, config: Config) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { config } = loadConfig(input, context);
  const { backend, path, keepText } = config.state;
  const state = await openState({ backend, path, keepText, ...access });
  try {
    for (const notice of state.notices) context.io.writeErr(`${printable(notice)}\n`);
    return await task(state, config);
  } finally {
    await state.close();
  }
}
