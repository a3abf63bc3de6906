import * as z from "zod";
import type { LightRagConfig } from "../../config/config.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { findDeadMedia } from "../../sync/maintenance/dead-media.ts";
import { asItIs } from "../../sync/report/lost-runs.ts";
import { connectorIdField, pageEnd, pageQuery } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { pageOfConnectors } from "../over-connectors.ts";
import { countSchema, runJson, runSchema } from "../runs/run-json.ts";
import type { CatalogEntry } from "./connector-catalog.ts";
import { connectorJson, connectorSchema } from "./connector-json.ts";
import { nowFields, nowJson } from "./connector-now.ts";
import { type ConnectorView, viewConnectors, viewFields, viewJson } from "./connector-view.ts";

const listedSchema = z
  .strictObject({
    ...connectorSchema.shape,
    ...viewFields,
    ...nowFields,
    deadMedia: countSchema.describe("audio and pictures that their model could not read"),
    lastRun: runSchema
      .pick({ runId: true, outcome: true, startedAt: true, endedAt: true, counts: true, errors: true })
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
    ids: z
      .array(connectorIdField)
      .min(1)
      .max(100)
      .optional()
      .describe("only these; what is unknown is left out"),
    limit: z.coerce.number().int().min(1).max(500).optional().describe("how many at most; all without it"),
    after: pageQuery.after,
  }),
  output: z.strictObject({ connectors: z.array(listedSchema), ...pageEnd }),
  errors: ["STATE_CURSOR_INVALID"],
  run: async (context, { runs, ids, limit, after }) => {
    const { state } = context.services;
    const all = context.services.connectors.list();
    const asked = ids === undefined ? all : all.filter(({ config }) => ids.includes(config.id));
    const { items: entries, next } = pageOfConnectors(asked, ({ config }) => config.id, { limit, after });
    const views = await viewConnectors(
      context,
      entries.map(({ config }) => config),
    );
    return {
      connectors: await Promise.all(
        entries.map(async (entry, index) => ({
          ...(await listedJson(context, entry, views[index] as ConnectorView)),
          runs: await lastRuns(state, entry.config.id, runs),
        })),
      ),
      next,
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

async function listedJson(
  context: OperationContext,
  entry: CatalogEntry,
  view: ConnectorView,
): Promise<Omit<z.input<typeof listedSchema>, "runs">> {
  const { id, source, lightrag } = entry.config;
  return {
    ...connectorJson(entry),
    ...viewJson(view),
    ...(await nowJson(context, view)),
    deadMedia: (await findDeadMedia(context.services.state, id, {})).length,
    lastRun: view.lastRun && lastRunJson(view.lastRun),
    source: source.server === null ? source.name : safeAddress(source.server),
    sink: sinkOf(lightrag),
  };
}

function lastRunJson(run: RunRecord) {
  const { runId, outcome, startedAt, endedAt, counts, errors } = runJson(run);
  return { runId, outcome, startedAt, endedAt, counts, errors };
}

/** The server or the folder, for people. */
export function sinkOf(lightrag: LightRagConfig): string {
  return lightrag.mode === "api" ? safeAddress(lightrag.api.url) : lightrag.direct.workingDir;
}
