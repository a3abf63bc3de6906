import { Option } from "commander";
import * as z from "zod";
import { ConfigManager } from "../../config/config-manager.ts";
import { findingText } from "../../config/report/finding.ts";
import { scheduleJson } from "../../operations/connectors/connector-schedule.ts";
import { overdueSince } from "../../operations/connectors/connector-view.ts";
import { isoInstant } from "../../operations/runs/run-json.ts";
import type { App } from "../../runtime/app.ts";
import type { CommandSpec } from "../command.ts";
import { renderTable } from "../lay-out.ts";
import { configSource } from "../load-config.ts";
import { configOption, wholeNumber } from "../options.ts";
import { nextRunText, scheduleText } from "../status-text.ts";

export const serveCommand: CommandSpec = {
  name: "serve",
  summary: "Run as a service: connectors by their schedules, and the management API",
  details:
    "Runs until SIGINT or SIGTERM. The first one starts no further run and waits for those under way, at most " +
    "`advanced.shutdown_timeout`, but for no server that leaves a request unanswered for a second; the second signal cuts them short. " +
    "Either is safe: the next start takes up what was not done. " +
    "SIGHUP opens the log file anew; it, or a change of the configuration file, reads the configuration again.",
  options: [
    configOption(),
    new Option(
      "--api-only",
      "serve the management API; a process with --scheduler-only on the same state runs connectors",
    ).conflicts("schedulerOnly"),
    new Option("--scheduler-only", "run connectors and serve no API").conflicts(["host", "port"]),
    new Option("--host <address>", "where the API listens, instead of `api.host`"),
    new Option("--port <n>", "its port, instead of `api.port`; 0 takes any free one").argParser(
      wholeNumber(0, 65_535),
    ),
  ],
  examples: ["serve", "serve --config /etc/memory-connector/config.yaml"],
  json: z.strictObject({ stopped: z.literal(true) }),
  run: async (input, context) => {
    const { options } = input;
    const { io } = context;
    const manager = ConfigManager.load(configSource(input, context));
    for (const warning of manager.warnings) io.writeErr(`warning: ${findingText(warning)}\n`);
    // Loaded only here: the other commands start without it.
    const { serve } = await import("../process/serve.ts");
    await serve({
      manager,
      serves: { api: options.schedulerOnly !== true, schedules: options.apiOnly !== true },
      // A free port is not a setting: it is chosen when the API begins to listen.
      port: options.port === undefined ? manager.config.api.port : Number(options.port),
      console: io.logs,
      colours: io.colours,
      isTerminal: io.isTerminal,
      env: io.env,
      signal: io.signal,
      cutShort: io.cutShort,
      onHangUp: io.onHangUp,
      endWithin: io.endWithin,
      print: (line) => io.writeErr(`${line}\n`),
      overview: io.isTerminal ? overview : undefined,
    });
    return { json: { stopped: true }, text: "" };
  },
};

/** The connectors and their next runs. Startup waits for it, so it reads the schedules only. */
export async function overview({ state, connectors }: Pick<App, "state" | "connectors">): Promise<string> {
  const configs = connectors.configs();
  if (configs.length === 0)
    return "There is no connector yet: add one to the configuration, or through the API.";
  const schedules = new Map((await state.listSchedules()).map((each) => [each.connectorId, each]));
  const rows = configs.map(({ id, schedule, enabled }) => {
    const stored = schedules.get(id);
    const late = overdueSince(stored, Date.now());
    const next = { ...scheduleJson(schedule, stored), overdueSince: late === null ? null : isoInstant(late) };
    return [id, scheduleText(schedule), enabled ? nextRunText(next) : "disabled"];
  });
  return renderTable(["CONNECTOR", "SCHEDULE", "NEXT RUN"], rows);
}
