import * as z from "zod";
import type { App } from "../../app.ts";
import type { CatalogEntry } from "../../connectors/connector-catalog.ts";
import { scheduleJson, scheduleSchema } from "../../json/schedule-json.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { nextRunText, scheduleText } from "../schedule-text.ts";
import { renderTable } from "../table.ts";
import { withApp } from "../with-app.ts";

const connectorSchema = z.strictObject({
  id: z.string(),
  origin: z.enum(["file", "api"]).describe("where it is changed"),
  enabled: z.boolean(),
  description: z.string().nullable(),
  contextIds: z.array(z.string()),
  ...scheduleSchema.shape,
  strategy: z.string(),
  source: z.string(),
  sink: z.string(),
});

export const listCommand: CommandSpec = {
  name: "list",
  summary: "List the connectors: those of the configuration and those made through the API",
  options: [configOption()],
  examples: ["list", "list --json"],
  json: z.strictObject({ connectors: z.array(connectorSchema) }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const schedules = await schedulesById(app);
      const entries = app.connectors.list();
      return {
        json: {
          connectors: entries.map((entry) => describeConnector(entry, schedules.get(entry.config.id))),
        },
        text: renderTable(
          ["CONNECTOR", "ENABLED", "CONTEXTS", "SCHEDULE", "NEXT RUN", "STRATEGY", "DESCRIPTION"],
          entries.map((entry) => cells(entry, schedules.get(entry.config.id))),
        ),
      };
    }),
};

/** What a service has written of the schedules. */
export async function schedulesById(app: App): Promise<Map<string, ScheduleState>> {
  const states = await app.state.listSchedules();
  return new Map(states.map((state) => [state.connectorId, state]));
}

function describeConnector(
  { config, stored }: CatalogEntry,
  state: ScheduleState | undefined,
): z.infer<typeof connectorSchema> {
  const { lightrag } = config;
  return {
    id: config.id,
    origin: stored === null ? "file" : "api",
    enabled: config.enabled,
    description: config.description || null,
    contextIds: [...config.contextIds],
    ...scheduleJson(config.schedule, state),
    strategy: config.transformation.strategy,
    source: config.memoryApi.url,
    sink: lightrag.mode === "api" ? lightrag.api.url : lightrag.direct.workingDir,
  };
}

function cells(entry: CatalogEntry, state: ScheduleState | undefined): string[] {
  const { id, enabled, contextIds, strategy, description } = describeConnector(entry, state);
  const schedule = scheduleText(entry.config.schedule);
  const next = enabled ? nextRunText(state) : "-";
  return [id, enabled ? "yes" : "no", contextIds.join(", "), schedule, next, strategy, description ?? ""];
}
