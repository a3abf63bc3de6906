import * as z from "zod";
import type { LightRagConfig } from "../../config/config.ts";
import { type RunRecord, runOutcomes } from "../../domain/run-record.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { asItIs } from "../../sync/report/lost-runs.ts";
import { operation } from "../operation.ts";
import { instantSchema, isoInstant, runJson, runSchema } from "../runs/run-json.ts";
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
    runs: z
      .array(
        runSchema.pick({
          runId: true,
          trigger: true,
          startedAt: true,
          endedAt: true,
          outcome: true,
          counts: true,
        }),
      )
      .describe("its last ones, newest first, as many as were asked for"),
    source: z.string().describe("where its memories come from"),
    sink: z.string().describe("the server or the folder of its LightRAG"),
  })
  .meta({ id: "ListedConnector" });

export const listConnectors = operation({
  name: "connector.list",
  tag: "Connectors",
  summary: "List all connectors with where they stand, those of the configuration file first",
  access: "viewer",
  input: z.strictObject({
    runs: z.coerce
      .number()
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe("how many of each connector's last runs"),
  }),
  output: z.strictObject({ connectors: z.array(listedSchema) }),
  errors: [],
  run: async (context, { runs }) => {
    const { state } = context.services;
    const entries = context.services.connectors.list();
    const views = await viewConnectors(
      context,
      entries.map(({ config }) => config),
    );
    return {
      connectors: await Promise.all(
        entries.map(async (entry, index) => ({
          ...listedJson(entry, views[index] as ConnectorView),
          runs: await lastRuns(state, entry.config.id, runs),
        })),
      ),
    };
  },
});

async function lastRuns(state: StateManager, connectorId: string, count: number) {
  if (count === 0) return [];
  const { runs } = await state.listRuns({ connectorId, limit: count });
  return Promise.all(
    runs.map(async (stored) => {
      const { runId, trigger, startedAt, endedAt, outcome, counts } = runJson(await asItIs(state, stored));
      return { runId, trigger, startedAt, endedAt, outcome, counts };
    }),
  );
}

function listedJson(entry: CatalogEntry, view: ConnectorView): Omit<z.input<typeof listedSchema>, "runs"> {
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
