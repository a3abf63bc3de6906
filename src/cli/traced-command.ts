import { systemClock } from "../kernel/util/clock.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { App } from "../runtime/app.ts";
import type { CommandContext } from "./command.ts";

/** Does the work of a command that runs connectors, with its traces and metrics sent where the configuration says so. */
export async function traced<Result>(
  app: App,
  { io }: CommandContext,
  work: () => Promise<Result>,
): Promise<Result> {
  if (app.config.monitoring.otel === null) return work();
  const { withTelemetry } = await import("../runtime/telemetry.ts");
  const say = (line: string) => io.writeErr(`${printable(line)}\n`);
  return withTelemetry(app, { clock: systemClock, say, signal: io.signal }, work);
}
