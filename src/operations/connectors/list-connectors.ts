import * as z from "zod";
import type { LightRagConfig } from "../../config/config.ts";
import { type RunRecord, runOutcomes } from "../../domain/run-record.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import { operation } from "../operation.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import type { CatalogEntry } from "./connector-catalog.ts";
import { connectorJson, connectorSchema } from "./connector-json.ts";
import { type ConnectorView, viewConnectors, viewFields, viewJson } from "./connector-view.ts";

const listedSchema = z
  .strictObject({
    ...connectorSchema.shape,
    ...viewFields,
    lastRun: z
      .strictObject({ runId: z.string(), outcome: z.enum(runOutcomes), startedAt: instantSchema })
      .nullable(),
    source: z.string().describe("where its memories come from"),
    sink: z.string().describe("the server or the folder of its LightRAG"),
  })
  .meta({ id: "ListedConnector" });

export const listConnectors = operation({
  name: "connector.list",
  tag: "Connectors",
  summary: "List all connectors with where they stand, those of the configuration file first",
  access: "viewer",
  input: z.strictObject({}),
  output: z.strictObject({ connectors: z.array(listedSchema) }),
  errors: [],
  run: async (context) => {
    const entries = context.services.connectors.list();
    const views = await viewConnectors(
      context,
      entries.map(({ config }) => config),
    );
    return {
      connectors: entries.map((entry, index) => listedJson(entry, views[index] as ConnectorView)),
    };
  },
});

function listedJson(entry: CatalogEntry, view: ConnectorView): z.input<typeof listedSchema> {
  const { source, lightrag } = entry.config;
  return {
    ...connectorJson(entry),
    ...viewJson(view),
    lastRun: view.lastRun && lastRunJson(view.lastRun),
    source: source.server === null ? source.name : safeAddress(source.server),
    sink: sinkOf(lightrag),
  };
}

function lastRunJson({ runId, outcome, startedAt }: RunRecord) {
  return { runId, outcome, startedAt: isoInstant(startedAt) };
}

/** The server or the folder, for people. */
export function sinkOf(lightrag: LightRagConfig): string {
  return lightrag.mode === "api" ? safeAddress(lightrag.api.url) : lightrag.direct.workingDir;
}
