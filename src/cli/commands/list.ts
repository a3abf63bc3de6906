import * as z from "zod";
import type { ConnectorConfig, ScheduleConfig } from "../../config/config.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { loadConfig } from "../load-config.ts";
import { readableDuration } from "../readable.ts";
import { renderTable } from "../table.ts";

export const listCommand: CommandSpec = {
  name: "list",
  summary: "List the connectors of the configuration",
  options: [configOption()],
  examples: ["list", "list --json"],
  json: z.strictObject({
    connectors: z.array(
      z.strictObject({
        id: z.string(),
        enabled: z.boolean(),
        description: z.string().nullable(),
        contextIds: z.array(z.string()),
        schedule: z.string(),
        strategy: z.string(),
        source: z.string(),
        sink: z.string(),
      }),
    ),
  }),
  run: async (input, context) => {
    const config = loadConfig(input, context);
    const connectors = config.connectors.map(describeConnector);
    return {
      json: { connectors },
      text: renderTable(
        ["CONNECTOR", "ENABLED", "CONTEXTS", "SCHEDULE", "STRATEGY", "DESCRIPTION"],
        connectors.map((connector) => [
          connector.id,
          connector.enabled ? "yes" : "no",
          connector.contextIds.join(", "),
          connector.schedule,
          connector.strategy,
          connector.description ?? "",
        ]),
      ),
    };
  },
};

function describeConnector(connector: ConnectorConfig) {
  const { lightrag } = connector;
  return {
    id: connector.id,
    enabled: connector.enabled,
    description: connector.description || null,
    contextIds: [...connector.contextIds],
    schedule: scheduleText(connector.schedule),
    strategy: connector.transformation.strategy,
    source: connector.memoryApi.url,
    sink: lightrag.mode === "api" ? lightrag.api.url : lightrag.direct.workingDir,
  };
}

function scheduleText(schedule: ScheduleConfig): string {
  if (schedule.type === "manual") return "manual";
  if (schedule.type === "interval") return `every ${readableDuration(schedule.everyMs)}`;
  return `${schedule.cron} (${schedule.timezone})`;
}
