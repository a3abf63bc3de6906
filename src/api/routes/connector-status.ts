import * as z from "zod";
import { backfillJson, backfillSchema } from "../../json/backfill-json.ts";
import { budgetJson, budgetSchema } from "../../json/budget-json.ts";
import { countSchema, instantSchema, isoInstant, runJson, runSchema } from "../../json/run-json.ts";
import { scopeSchema, viewScope } from "../../json/scope-json.ts";
import { ledgerStatuses } from "../../state/ledger-row.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { spentToday } from "../../sync/day-budget.ts";
import { systemClock } from "../../util/clock.ts";
import type { ApiParts } from "../api-parts.ts";
import { route } from "../route.ts";
import { scheduleAnswer, scheduleJsonOf } from "../schedule-answer.ts";
import { connectorId } from "./connector-id.ts";

const answer = z.strictObject({
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

export const connectorStatus = route({
  method: "GET",
  path: "/connectors/{id}/status",
  access: "viewer",
  tag: "Connectors",
  summary: "Show where a connector stands",
  params: connectorId,
  status: 200,
  answer,
  errors: ["CONNECTOR_UNKNOWN"],
  handle: async ({ params: { id } }, parts) => ({ body: await statusOf(parts, id) }),
});

async function statusOf(parts: ApiParts, id: string): Promise<z.infer<typeof answer>> {
  const { state } = parts.app;
  const connector = parts.app.connector(id);
  const { enabled, contextIds, timezone } = connector;
  const { runs } = await state.listRuns({ connectorId: id, limit: 1 });
  const oldest = await Promise.all(
    contextIds.map((contextId) => state.oldestUnfinished({ connectorId: id, contextId })),
  );
  const spent = await spentToday(state.budgets, { connectorId: id, timezone }, systemClock);
  const backfill = await state.backfills.get(id);
  const memories = await state.countRows(id);
  const times = oldest.filter((time) => time !== null);
  return {
    id,
    enabled,
    schedule: await scheduleJsonOf(parts, id),
    activeRun: enabled ? await activeRunOf(parts, id) : null,
    memories,
    oldestUnfinishedAt: times.length === 0 ? null : isoInstant(Math.min(...times)),
    scope: await viewScope(state, connector, systemClock.now()),
    backfill: backfill && backfillJson(backfill),
    budget: budgetJson(connector, spent, memories),
    lastRun: runs[0] === undefined ? null : runJson(runs[0]),
  };
}

/** As the scheduler has it, or in another process as the state store has it. */
async function activeRunOf({ app: { state }, scheduler }: ApiParts, id: string) {
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
