import * as z from "zod";
import { backfillJson, backfillSchema } from "../../json/backfill-json.ts";
import { budgetJson, budgetSchema } from "../../json/budget-json.ts";
import { countSchema, instantSchema, isoInstant, runJson, runSchema } from "../../json/run-json.ts";
import { scopeSchema, viewScope } from "../../json/scope-json.ts";
import { ledgerStatuses } from "../../state/ledger-row.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { spentToday } from "../../sync/day-budget.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { scheduleAnswer, scheduleOf } from "../runs/schedule-answer.ts";

const output = z.strictObject({
  id: z.string(),
  enabled: z.boolean(),
  schedule: scheduleAnswer,
  activeRun: z
    .strictObject({ runId: z.string(), queuedAt: instantSchema, startedAt: instantSchema.nullable() })
    .nullable()
    .describe("`startedAt` is null while it waits for its turn"),
  memories: z.strictObject(Object.fromEntries(ledgerStatuses.map((status) => [status, countSchema]))),
  oldestUnfinishedAt: instantSchema.nullable().describe("the oldest memory that is not delivered yet"),
  budget: budgetSchema,
  scope: scopeSchema,
  backfill: backfillSchema.nullable().describe("old memories that were asked for last"),
  lastRun: runSchema.nullable(),
});

export const connectorStatus = operation({
  name: "connector.status",
  tag: "Connectors",
  summary: "Show where a connector stands",
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
  const { enabled, contextIds, timezone } = connector;
  const { runs } = await state.listRuns({ connectorId: id, limit: 1 });
  const oldest = await Promise.all(
    contextIds.map((contextId) => state.oldestUnfinished({ connectorId: id, contextId })),
  );
  const spent = await spentToday(state.budgets, { connectorId: id, timezone }, clock);
  const backfill = await state.backfills.get(id);
  const memories = await state.countRows(id);
  const times = oldest.filter((time) => time !== null);
  return {
    id,
    enabled,
    schedule: await scheduleOf(context, id),
    activeRun: enabled ? await activeRunOf(context, id) : null,
    memories,
    oldestUnfinishedAt: times.length === 0 ? null : isoInstant(Math.min(...times)),
    scope: await viewScope(state, connector, clock.now()),
    backfill: backfill && backfillJson(backfill),
    budget: budgetJson(connector, spent, memories),
    lastRun: runs[0] === undefined ? null : runJson(runs[0]),
  };
}

/** As the scheduler has it, or in another process as the state store has it. */
async function activeRunOf({ services: { state }, service }: OperationContext, id: string) {
  const scheduler = service?.scheduler ?? null;
  const active = scheduler === null ? await storedActiveRun(state, id) : scheduler.status(id).activeRun;
  if (active === null) return null;
  const { request, queuedAt, startedAt } = active;
  return {
    runId: request.runId,
    queuedAt: isoInstant(queuedAt),
    startedAt: startedAt === null ? null : isoInstant(startedAt),
  };
}

async function storedActiveRun(state: StateManager, id: string) {
  const stored = (await state.listSchedules()).find(({ connectorId }) => connectorId === id);
  if (stored?.openRun == null) return null;
  const { runId, at: queuedAt } = stored.openRun;
  return { request: { runId }, queuedAt, startedAt: (await state.getRun(runId))?.startedAt ?? null };
}
