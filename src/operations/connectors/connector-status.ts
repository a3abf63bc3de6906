import * as z from "zod";
import type { SyncState } from "../../state/state-manager.ts";
import { backfillJson, backfillSchema } from "../backfill/get-backfill.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { instantSchema, isoInstant, runJson, runSchema } from "../runs/run-json.ts";
import { nowFields, nowJson } from "./connector-now.ts";
import { answerOf, scheduleAnswer } from "./connector-schedule.ts";
import { viewConnectors, viewFields, viewJson } from "./connector-view.ts";
import { scopeSchema, viewScope } from "./scope-json.ts";

const output = z.strictObject({
  id: z.string(),
  enabled: z.boolean(),
  schedule: scheduleAnswer,
  ...viewFields,
  ...nowFields,
  scope: scopeSchema,
  backfill: backfillSchema.nullable().describe("old memories that were asked for last"),
  lastRun: runSchema.nullable(),
  contexts: z.array(
    z.strictObject({
      contextId: z.string(),
      completeUntil: instantSchema
        .nullable()
        .describe("every memory up to here was seen and, unless dead, is delivered"),
      lastCompleteListingAt: instantSchema.nullable(),
      truncated: z.string().nullable(),
    }),
  ),
});

export const connectorStatus = operation({
  name: "connector.status",
  tag: "Connectors",
  summary: "Show where a connector stands: schedule, last run, memories, how far it is behind",
  access: "viewer",
  input: connectorInput,
  output,
  errors: ["CONNECTOR_UNKNOWN"],
  run: (context, { connectorId }) => statusOf(context, connectorId),
});

async function statusOf(context: OperationContext, id: string): Promise<z.infer<typeof output>> {
  const { services, clock } = context;
  const { state } = services;
  const connector = services.connector(id);
  const { enabled } = connector;
  const [view] = await viewConnectors(context, [connector]);
  if (view === undefined) throw new Error("a connector was viewed, and there is no view of it");
  const { contexts, lastRun } = view;
  const backfill = await state.backfills.get(id);
  return {
    id,
    enabled,
    schedule: answerOf(connector.schedule, view.schedule),
    ...viewJson(view),
    ...(await nowJson(context, view)),
    scope: await viewScope(state, connector, contexts, clock.now()),
    backfill: backfill && backfillJson(backfill),
    lastRun: lastRun && runJson(lastRun),
    contexts: contexts.filter((one) => one !== null).map(contextJson),
  };
}

function contextJson({ contextId, watermark, lastCompleteListingAt, truncated }: SyncState) {
  return {
    contextId,
    completeUntil: watermark === null ? null : isoInstant(watermark),
    lastCompleteListingAt: lastCompleteListingAt === null ? null : isoInstant(lastCompleteListingAt),
    truncated,
  };
}
