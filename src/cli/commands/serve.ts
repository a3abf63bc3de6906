import * as z from "zod";
import { ConfigManager } from "../../config/config-manager.ts";
import { findingText } from "../../config/report/finding.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";

export const serveCommand: CommandSpec = {
  name: "serve",
  summary: "Run as a service: connectors by their schedules",
  details:
    "Runs until SIGINT or SIGTERM. The first one starts no further run and waits for those under way, at most " +
    "`advanced.shutdown_timeout`; the second cuts them short. Either is safe: the next start takes up what was not done. " +
    "SIGHUP, or a change of the file, reads the configuration again.",
  options: [configOption()],
  examples: ["serve", "serve --config /etc/memory-connector/config.yaml"],
  json: z.strictObject({ stopped: z.literal(true) }),
  run: async (input, { io }) => {
    const manager = ConfigManager.load({
      path: String(input.options.config),
      environment: io.env,
      workingFolder: io.cwd,
    });
    for (const warning of manager.warnings) io.writeErr(`warning: ${findingText(warning)}\n`);
    // Loaded only here: the other commands start without it.
    const { serve } = await import("../../service/serve.ts");
    await serve({
      manager,
      console: io.logs,
      takeSignals: io.takeSignals,
      tell: (line) => io.writeErr(`${line}\n`),
    });
    return { json: { stopped: true }, text: "" };
  },
};
