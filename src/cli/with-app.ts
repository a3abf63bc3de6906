import { printable } from "../kernel/util/terminal-text.ts";
import { App } from "../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult } from "./command.ts";
import { withLog } from "./command-log.ts";
import { loadConfig } from "./load-config.ts";

/** Opens the parts that the configuration names, runs the task with them, and closes them whatever happens. */
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
