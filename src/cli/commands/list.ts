import * as z from "zod";
import type { CatalogEntry } from "../../connectors/connector-catalog.ts";
import { instantSchema, isoInstant } from "../../json/run-json.ts";
import { scheduleJson, scheduleSchema } from "../../json/schedule-json.ts";
import { completeAsOf, inFlightOf, standingJson, standingSchema } from "../../json/standing-json.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { type RunRecord, runOutcomes } from "../../state/run-record.ts";
import type { CommandSpec } from "../command.ts";
import { type ConnectorView, viewConnectors } from "../connector-view.ts";
import { nextRunText, scheduleText } from "../schedule-text.ts";
import { serviceOptions } from "../service-client.ts";
import { serviceSchema, serviceText, viewService } from "../service-view.ts";
import { agoText } from "../status-text.ts";
import { renderTable } from "../table.ts";
import { withApp } from "../with-app.ts";

const connectorSchema = z.strictObject({
  id: z.string(),
  origin: z.enum(["file", "api"]).describe("where it is changed"),
  enabled: z.boolean(),
  description: z.string().nullable(),
  contextIds: z.array(z.string()),
  ...scheduleSchema.shape,
  ...standingSchema.shape,
  lastRun: z
    .strictObject({ runId: z.string(), outcome: z.enum(runOutcomes), startedAt: instantSchema })
    .nullable(),
  strategy: z.string(),
  source: z.string(),
  sink: z.string(),
});

const columns = [
  "CONNECTOR",
  "ENABLED",
  "CONTEXTS",
  "SCHEDULE",
  "NEXT RUN",
  "LAST RUN",
  "IN FLIGHT",
  "COMPLETE AS OF",
  "DESCRIPTION",
];

export const listCommand: CommandSpec = {
  name: "list",
  summary: "List the connectors: those of the configuration and those made through the API",
  details: "What is in flight is read from the state store; `status` says more of each.",
  options: [...serviceOptions()],
  examples: ["list", "list --json"],
  json: z.strictObject({ connectors: z.array(connectorSchema), service: serviceSchema }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const now = systemClock.now();
      const entries = app.connectors.list();
      const views = await viewConnectors(app, app.connectors.configs(), now);
      const service = await viewService(input, context);
      const listed = views.map((view, index) => ({ view, stored: entries[index]?.stored ?? null }));
      return {
        json: { connectors: listed.map(describeConnector), service },
        text: `${renderTable(
          columns,
          views.map((view) => cells(view, now)),
        )}\n\n${serviceText(service)}`,
      };
    }),
};

interface Listed {
  view: ConnectorView;
  stored: CatalogEntry["stored"];
}

function describeConnector({ view, stored }: Listed): z.infer<typeof connectorSchema> {
  const { connector, schedule, lastRun } = view;
  const { lightrag } = connector;
  return {
    id: connector.id,
    origin: stored === null ? "file" : "api",
    enabled: connector.enabled,
    description: connector.description || null,
    contextIds: [...connector.contextIds],
    ...scheduleJson(connector.schedule, schedule),
    ...standingJson(view),
    lastRun: lastRun && lastRunJson(lastRun),
    strategy: connector.transformation.strategy,
    source: connector.memoryApi.url,
    sink: lightrag.mode === "api" ? lightrag.api.url : lightrag.direct.workingDir,
  };
}

function lastRunJson({ runId, outcome, startedAt }: RunRecord) {
  return { runId, outcome, startedAt: isoInstant(startedAt) };
}

function cells(view: ConnectorView, now: number): string[] {
  const { connector, lastRun } = view;
  const complete = completeAsOf(view);
  const truncated = standingJson(view).isTruncated ? " (list cut off)" : "";
  return [
    connector.id,
    connector.enabled ? "yes" : "no",
    connector.contextIds.join(", "),
    scheduleText(connector.schedule),
    connector.enabled ? nextRunText(view) : "-",
    lastRun === null ? "never" : `${lastRun.outcome}, ${agoText(lastRun.startedAt, now)}`,
    String(inFlightOf(view.counts)),
    `${complete === null ? "-" : agoText(complete, now)}${truncated}`,
    connector.description,
  ];
}
