import type { App } from "../app.ts";
import { toConnectorError } from "../errors/connector-error.ts";
import { systemClock } from "../util/clock.ts";
import type { CliIo } from "./cli-io.ts";

/** Does the work of a command that ends, and logs meanwhile where the configuration says so. */
export async function withLog<Result>(
  app: App,
  { logs: console, colours, isTerminal }: CliIo,
  work: () => Promise<Result>,
): Promise<Result> {
  const { logging } = app.config;
  if (logging.file === null && !logsToConsole(app)) return work();
  const { AppLog } = await import("../service/app-log.ts");
  const { logs } = new AppLog({
    app,
    clock: systemClock,
    console,
    colours,
    isTerminal,
    consoleByDefault: false,
  });
  try {
    return await work();
  } catch (thrown) {
    const { code, message, hint } = toConnectorError(thrown);
    logs.service.error({ code, hint }, message);
    throw thrown;
  } finally {
    await logs.close();
  }
}

/** Whether the log stands on the console, where progress for people would be otherwise. */
export function logsToConsole(app: App): boolean {
  return app.config.logging.console.enabled === true;
}
