import type { Config } from "../config/config.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import { App } from "../runtime/app.ts";
import { openState } from "../state/open-state.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { CommandContext, CommandInput, CommandResult } from "./command.ts";
import { withLog } from "./command-log.ts";
import { loadConfig } from "./load-config.ts";

/** Opens the app of the configuration, runs the task with it, and always closes it. */
export async function withApp(
  input: CommandInput,
  context: CommandContext,
  access: { readOnly: boolean },
  task: (app: App) => Promise<CommandResult>,
): Promise<CommandResult> {
  const app = await App.open(loadConfig(input, context), access);
  try {
    for (const notice of [...app.state.notices, ...app.connectors.problems])
      context.io.writeErr(`${printable(notice)}\n`);
    return await withLog(app, context.io, () => task(app));
  } finally {
    await app.close();
  }
}

/** Opens the state store alone, with its records still sealed, runs the task with it, and always closes it. */
export async function withState(
  input: CommandInput,
  context: CommandContext,
  access: { readOnly: boolean },
  task: (state: StateManager, config: Config) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { config } = loadConfig(input, context);
  const state = await openState({ ...config.state, ...access });
  try {
    for (const notice of state.notices) context.io.writeErr(`${printable(notice)}\n`);
    return await task(state, config);
  } finally {
    await state.close();
  }
}
