import * as z from "zod";
import type { App, ConnectorConfig } from "../../app.ts";
import { budgetJson, budgetSchema } from "../../json/budget-json.ts";
import { countSchema, instantSchema, isoInstant, runJson, runSchema } from "../../json/run-json.ts";
import { scheduleJson, scheduleSchema } from "../../json/schedule-json.ts";
import { ledgerStatuses } from "../../state/ledger-row.ts";
import type { SpentBudget } from "../../state/record-stores.ts";
import type { RunRecord } from "../../state/run-record.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { StatusCounts, SyncState } from "../../state/state-manager.ts";
import { spentToday } from "../../sync/day-budget.ts";
import { systemClock } from "../../util/clock.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { plural, readableDuration, readableInstant } from "../readable.ts";
import { nextRunText, scheduleText } from "../schedule-text.ts";
import { withApp } from "../with-app.ts";
import { schedulesById } from "./list.ts";

interface ConnectorStatus {
  connector: ConnectorConfig;
  counts: StatusCounts;
  lastRun: RunRecord | null;
  contexts: readonly SyncState[];
  spent: SpentBudget;
  schedule: ScheduleState | undefined;
}

const statusSchema = z.strictObject({
  connectors: z.array(
    z.strictObject({
      id: z.string(),
      enabled: z.boolean(),
      ...scheduleSchema.shape,
      memories: z.strictObject(Object.fromEntries(ledgerStatuses.map((status) => [status, countSchema]))),
      budget: budgetSchema,
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
    }),
  ),
});

export const statusCommand: CommandSpec = {
  name: "status",
  summary: "Show where the connectors' memories stand and how the last run ended",
  options: [configOption(), connectorOption("only this connector")],
  examples: ["status", "status --connector-id personal-memories --json"],
  json: statusSchema,
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const id = input.options.connectorId;
      const connectors = id === undefined ? app.connectors.configs() : [app.connector(String(id))];
      const schedules = await schedulesById(app);
      const statuses: ConnectorStatus[] = [];
      for (const connector of connectors) {
        statuses.push({ ...(await statusOf(app, connector)), schedule: schedules.get(connector.id) });
      }
      return {
        json: { connectors: statuses.map(statusJson) },
        text: statuses.map(statusText).join("\n\n") || "The configuration has no connectors.",
      };
    }),
};

async function statusOf(app: App, connector: ConnectorConfig): Promise<Omit<ConnectorStatus, "schedule">> {
  const { runs } = await app.state.listRuns({ connectorId: connector.id, limit: 1 });
  const contexts = await Promise.all(
    connector.contextIds.map((contextId) => app.state.getSyncState({ connectorId: connector.id, contextId })),
  );
  return {
    connector,
    counts: await app.state.countRows(connector.id),
    lastRun: runs[0] ?? null,
    contexts: contexts.filter((state) => state !== null),
    spent: await spentToday(app.state.budgets, ownerOf(connector), systemClock),
  };
}

function ownerOf({ id, timezone }: ConnectorConfig) {
  return { connectorId: id, timezone };
}

function statusJson({ connector, counts, lastRun, contexts, schedule, spent }: ConnectorStatus) {
  return {
    id: connector.id,
    enabled: connector.enabled,
    ...scheduleJson(connector.schedule, schedule),
    memories: counts,
    budget: budgetJson(connector, spent, counts),
    lastRun: lastRun && runJson(lastRun),
    contexts: contexts.map((state) => ({
      contextId: state.contextId,
      completeUntil: state.watermark === null ? null : isoInstant(state.watermark),
      lastCompleteListingAt:
        state.lastCompleteListingAt === null ? null : isoInstant(state.lastCompleteListingAt),
      truncated: state.truncated,
    })),
  };
}

function statusText({ connector, counts, lastRun, contexts, schedule, spent }: ConnectorStatus): string {
  const memories = ledgerStatuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return [
    `${connector.id}${connector.enabled ? "" : " (disabled)"}`,
    `  memories  ${memories.join(" · ") || "none known"}`,
    `  schedule  ${scheduleText(connector.schedule)}, next run ${nextRunText(schedule)}`,
    `  last run  ${lastRun === null ? "never" : runText(lastRun)}`,
    ...contexts.map(contextText),
    ...budgetText(budgetJson(connector, spent, counts)),
    ...(counts.dead > 0
      ? [`  ${plural(counts.dead, "dead letter")}: see \`memory-connector dead-letters list\``]
      : []),
  ].join("\n");
}

function budgetText(budget: ReturnType<typeof budgetJson>): string[] {
  if (budget === null) return [];
  const shares = (["documents", "characters", "tokens"] as const)
    .filter((limit) => budget[limit].limit !== null)
    .map((limit) => `${budget[limit].spent} of ${budget[limit].limit} ${limit}`);
  const waiting =
    budget.waiting === 0 ? "" : `; ${plural(budget.waiting, "memory", "memories")} wait for tomorrow`;
  return [`  budget    ${shares.join(", ")} spent today${waiting}`];
}

function runText(run: RunRecord): string {
  const took = run.endedAt === null ? "not ended" : `took ${readableDuration(run.endedAt - run.startedAt)}`;
  return `${run.outcome}, ${readableInstant(run.startedAt)}, ${took}`;
}

function contextText(state: SyncState): string {
  const complete =
    state.watermark === null
      ? "never listed completely"
      : `complete until ${readableInstant(state.watermark)}`;
  return `  context   ${state.contextId}: ${complete}${state.truncated === null ? "" : `; last list truncated: ${state.truncated}`}`;
}
