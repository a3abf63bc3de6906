import * as z from "zod";
import { backfillJson, backfillSchema } from "../../json/backfill-json.ts";
import { budgetJson, budgetSchema } from "../../json/budget-json.ts";
import { countSchema, instantSchema, isoInstant, runJson, runSchema } from "../../json/run-json.ts";
import { scheduleJson, scheduleSchema } from "../../json/schedule-json.ts";
import { scopeSchema, viewScope } from "../../json/scope-json.ts";
import { standingJson, standingSchema } from "../../json/standing-json.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import type { App } from "../../runtime/app.ts";
import { ledgerStatuses } from "../../state/ledger-row.ts";
import type { SyncState } from "../../state/state-manager.ts";
import { spentToday } from "../../sync/day-budget.ts";
import type { CommandSpec } from "../command.ts";
import { connectorOption } from "../common-options.ts";
import { viewConnectors } from "../connector-view.ts";
import { serviceOptions } from "../service-client.ts";
import { serviceSchema, serviceText, viewService } from "../service-view.ts";
import { type StatusView, statusText } from "../status-text.ts";
import { withApp } from "../with-app.ts";

const statusSchema = z.strictObject({
  connectors: z.array(
    z.strictObject({
      id: z.string(),
      enabled: z.boolean(),
      ...scheduleSchema.shape,
      ...standingSchema.shape,
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
    }),
  ),
  service: serviceSchema,
});

export const statusCommand: CommandSpec = {
  name: "status",
  summary: "Show where the connectors stand: schedule, last run, memories, how far they are behind",
  details:
    "What is known of connectors is read from the state store, which a running service keeps up to date. Circuit breakers are known to " +
    "a running service only, which is asked for them; without one the answer says so.",
  options: [...serviceOptions(), connectorOption("only this connector")],
  examples: ["status", "status --connector-id personal-memories --json"],
  json: statusSchema,
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const id = input.options.connectorId;
      const views = await statusViews(app, id === undefined ? undefined : String(id));
      const service = await viewService(input, context);
      const texts = views.map((view) => statusText(view, systemClock.now()));
      return {
        json: { connectors: views.map(statusJson), service },
        text: [...(texts.length === 0 ? ["There are no connectors."] : texts), serviceText(service)].join(
          "\n\n",
        ),
      };
    }),
};

async function statusViews(app: App, id: string | undefined): Promise<StatusView[]> {
  const connectors = id === undefined ? app.connectors.configs() : [app.connector(id)];
  const views = await viewConnectors(app, connectors, systemClock.now());
  return Promise.all(
    views.map(async (view) => {
      const owner = { connectorId: view.connector.id, timezone: view.connector.timezone };
      const spent = await spentToday(app.state.budgets, owner, systemClock);
      const scope = await viewScope(app.state, view.connector, systemClock.now());
      return { ...view, spent, scope, backfill: await app.state.backfills.get(owner.connectorId) };
    }),
  );
}

function statusJson(view: StatusView) {
  const { connector, counts, lastRun, contexts, schedule, spent, scope, backfill } = view;
  return {
    id: connector.id,
    enabled: connector.enabled,
    ...scheduleJson(connector.schedule, schedule),
    ...standingJson(view),
    memories: counts,
    budget: budgetJson(connector, spent, counts),
    scope,
    backfill: backfill && backfillJson(backfill),
    lastRun: lastRun && runJson(lastRun),
    contexts: contexts.filter((context) => context !== null).map(contextJson),
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
