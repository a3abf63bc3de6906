import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { ledgerStatuses, unfinishedIn } from "../../domain/ledger-row.ts";
import type { SpentBudget } from "../../state/record-stores.ts";
import type { StatusCounts, SyncState } from "../../state/state-manager.ts";
import { spentToday } from "../../sync/guards/day-budget.ts";
import { backfillJson, backfillSchema } from "../backfill/get-backfill.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { activeRunOf } from "../runs/active-run.ts";
import { countSchema, instantSchema, isoInstant, runJson, runSchema } from "../runs/run-json.ts";
import { runProgressFields, runProgressJson } from "../runs/run-progress-json.ts";
import { answerOf, scheduleAnswer } from "./connector-schedule.ts";
import { type ConnectorView, viewConnectors, viewFields, viewJson } from "./connector-view.ts";
import { scopeSchema, viewScope } from "./scope-json.ts";

const share = z.strictObject({ spent: countSchema, limit: countSchema.nullable() });

/** A connector's budget and what is left of it, as `--json` prints it and the API answers it. */
const budgetSchema = z
  .strictObject({
    day: z.string().describe("in the connector's time zone"),
    documents: share,
    characters: share,
    tokens: share.describe("estimated"),
    spentOut: z
      .enum(["documents", "characters", "tokens"])
      .nullable()
      .describe("the limit that made a memory wait"),
    waiting: countSchema.describe("memories that wait for the next day"),
  })
  .nullable()
  .describe("null without a budget");

function budgetJson(
  { budget }: Pick<ConnectorConfig, "budget">,
  spent: SpentBudget,
  rows: StatusCounts,
): z.infer<typeof budgetSchema> {
  if (budget.documents === null && budget.characters === null && budget.tokens === null) return null;
  return {
    day: spent.day,
    documents: { spent: spent.documents, limit: budget.documents },
    characters: { spent: spent.characters, limit: budget.characters },
    tokens: { spent: spent.tokens, limit: budget.tokens },
    spentOut: spent.spentOut,
    waiting: spent.spentOut === null ? 0 : rows.pending + rows.deleting,
  };
}

const output = z.strictObject({
  id: z.string(),
  enabled: z.boolean(),
  schedule: scheduleAnswer,
  ...viewFields,
  activeRun: z
    .strictObject({
      runId: z.string(),
      queuedAt: instantSchema,
      startedAt: instantSchema.nullable(),
      process: z.string().nullable().describe("the other process that works on it; null where this one does"),
      ...runProgressFields,
    })
    .nullable()
    .describe("`startedAt` is null while it waits for its turn"),
  memories: z.strictObject(Object.fromEntries(ledgerStatuses.map((status) => [status, countSchema]))),
  budget: budgetSchema,
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
  const { enabled, timezone } = connector;
  const [view] = await viewConnectors(context, [connector]);
  if (view === undefined) throw new Error("a connector was viewed, and there is no view of it");
  const { counts, contexts, lastRun } = view;
  const spent = await spentToday(state.budgets, { connectorId: id, timezone }, clock);
  const backfill = await state.backfills.get(id);
  return {
    id,
    enabled,
    schedule: answerOf(connector.schedule, view.schedule),
    ...viewJson(view),
    activeRun: await activeRunJson(context, view),
    memories: counts,
    budget: budgetJson(connector, spent, counts),
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

async function activeRunJson(context: OperationContext, view: ConnectorView) {
  const { id, enabled } = view.connector;
  const active = await activeRunOf(context, id, enabled ? view.schedule : undefined);
  if (active === null) return null;
  const { runId, queuedAt, startedAt, process } = active;
  return {
    runId,
    queuedAt: isoInstant(queuedAt),
    startedAt: startedAt === null ? null : isoInstant(startedAt),
    process,
    ...runProgressJson(active.progress, unfinishedIn(view.counts), context.clock.now()),
  };
}
