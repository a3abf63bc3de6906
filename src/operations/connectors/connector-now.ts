import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { ledgerStatuses, unfinishedIn } from "../../domain/ledger-row.ts";
import type { SpentBudget } from "../../state/record-stores.ts";
import type { StatusCounts } from "../../state/state-manager.ts";
import { spentToday } from "../../sync/guards/day-budget.ts";
import type { OperationContext } from "../operation-context.ts";
import { activeRunOf } from "../runs/active-run.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";
import { runProgressFields, runProgressJson } from "../runs/run-progress-json.ts";
import type { ConnectorView } from "./connector-view.ts";

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

/** What a connector works on: its run under way, its memories by where they stand, its budget. */
export const nowFields = {
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
};

export async function nowJson(
  context: Pick<OperationContext, "services" | "service" | "clock">,
  view: ConnectorView,
): Promise<z.input<z.ZodObject<typeof nowFields>>> {
  const { connector, counts } = view;
  const { id: connectorId, timezone } = connector;
  const { budgets } = context.services.state;
  const spent = await spentToday(budgets, { connectorId, timezone }, context.clock);
  return {
    activeRun: await activeRunJson(context, view),
    memories: counts,
    budget: budgetJson(connector, spent, counts),
  };
}

async function activeRunJson(
  context: Pick<OperationContext, "services" | "service" | "clock">,
  view: ConnectorView,
) {
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
