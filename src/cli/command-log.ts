import type { Config } from "../config/config.ts";
import { secretsOf } from "../config/mask-secrets.ts";
import { toConnectorError } from "../kernel/errors/connector-error.ts";
import { systemClock } from "../kernel/util/clock.ts";
import type { Logs } from "../observe/logs.ts";
import type { App } from "../runtime/app.ts";
import type { CliIo } from "./cli-io.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { readConfiguration } from "./load-config.ts";

/** Errors that were already logged. */
const logged = new WeakSet<object>();

/** Runs a one-shot command with logging, if the configuration enables it. */
export async function withLog<Result>(app: App, io: CliIo, work: () => Promise<Result>): Promise<Result> {
  if (!logsAnywhere(app.config)) return work();
  const { AppLog } = await import("../runtime/service/app-log.ts");
  const { logs } = new AppLog({ app, ...waysOut(io) });
  try {
    return await work();
  } catch (thrown) {
    logError(logs, thrown);
    throw thrown;
  } finally {
    await logs.close();
  }
}

/** Logs the error of a command at any stage, if its configuration is readable and enables logging. */
export async function logFailure(
  input: CommandInput,
  { io }: CommandContext,
  thrown: unknown,
): Promise<void> {
  if (input.options.config === undefined || (thrown instanceof Error && logged.has(thrown))) return;
  const config = configOf(input, io);
  if (config === null || !logsAnywhere(config)) return;
  const { openLogs } = await import("../runtime/service/app-log.ts");
  const { SecretMask } = await import("../observe/secret-mask.ts");
  const mask = new SecretMask();
  mask.set(secretsOf(config));
  const logs = openLogs(config.logging, { ...waysOut(io), mask });
  logError(logs, thrown);
  await logs.close();
}

/** Whether logs go to the console, in place of progress for people. */
export function logsToConsole({ config }: Pick<App, "config">): boolean {
  return config.logging.console.enabled === true;
}

function logsAnywhere(config: Config): boolean {
  return config.logging.file !== null || logsToConsole({ config });
}

function waysOut({ logs: console, colours, isTerminal }: CliIo) {
  return { clock: systemClock, console, colours, isTerminal, consoleByDefault: false };
}

function logError(logs: Logs, thrown: unknown): void {
  const { code, message, hint } = toConnectorError(thrown);
  logs.service.error({ code, hint }, message);
  if (thrown instanceof Error) logged.add(thrown);
}

/** Null when the configuration itself is the problem. */
function configOf(input: CommandInput, io: CliIo): Config | null {
  try {
    return readConfiguration(input, { io, asJson: false }).config;
  } catch {
    return null;
  }
}
