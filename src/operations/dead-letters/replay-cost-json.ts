import * as z from "zod";
import type { BudgetLimit } from "../../state/record-stores.ts";
import { leftOfBudget } from "../../sync/guards/budget-forecast.ts";
import { isLimited, spentToday } from "../../sync/guards/day-budget.ts";
import { type ReplayCost, ReplayMeter } from "../../sync/maintenance/replay-cost.ts";
import type { DayBudget } from "../../sync/sync-settings.ts";
import type { OperationContext } from "../operation-context.ts";
import { countSchema } from "../runs/run-json.ts";

const rest = countSchema.nullable().describe("null without such a limit");
/** Of today's budget. */
export const budgetLeftSchema = z
  .strictObject({ documents: rest, characters: rest, tokens: rest })
  .describe("for today");
export const heldSchema = countSchema.describe(
  "documents that it has no room for today, if nothing else goes before them",
);

export const replayCostSchema = z
  .strictObject({
    documents: countSchema.describe("that would be sent"),
    characters: countSchema,
    estimatedTokens: countSchema.describe("of the texts, estimated by language"),
    removals: countSchema.describe("documents that would be removed only"),
    unknown: countSchema.describe("memories whose text is made when the next run reads them again"),
    budgets: z
      .array(
        z.strictObject({
          connectorId: z.string(),
          left: budgetLeftSchema,
          held: heldSchema,
          tooLarge: countSchema.describe("documents that are larger than a whole day's: dead letters again"),
        }),
      )
      .describe("of the connectors that have one"),
  })
  .nullable()
  .describe("of a replay with `dryRun`; null for everything else");

interface Metered {
  meter: ReplayMeter;
  budget: DayBudget;
  left: Record<BudgetLimit, number | null>;
}

/** By connector. */
export type Meters = ReadonlyMap<string, Metered>;

/** A meter for each connector, which knows what is left of its budget. */
export async function metersOf(
  { services, clock }: OperationContext,
  connectorIds: readonly string[],
): Promise<Meters> {
  const meters = new Map<string, Metered>();
  for (const connectorId of connectorIds) {
    const connector = services.connector(connectorId);
    const { budget, timezone } = connector;
    const spent = await spentToday(services.state.budgets, { connectorId, timezone }, clock);
    const meter = await services.withParts(
      connector,
      async ({ transformer }) => new ReplayMeter({ transformer, budget, spent }),
    );
    meters.set(connectorId, { meter, budget, left: leftOfBudget(budget, spent) });
  }
  return meters;
}

export function replayCostJson(meters: Meters): NonNullable<z.infer<typeof replayCostSchema>> {
  const costs = [...meters.values()].map(({ meter }) => meter.cost);
  const sum = (of: keyof ReplayCost) => costs.reduce((total, cost) => total + cost[of], 0);
  return {
    documents: sum("documents"),
    characters: sum("characters"),
    estimatedTokens: sum("estimatedTokens"),
    removals: sum("removals"),
    unknown: sum("unknown"),
    budgets: [...meters].flatMap(([connectorId, { budget, left, meter }]) => {
      const { held, tooLarge } = meter.cost;
      return isLimited(budget) ? [{ connectorId, left, held, tooLarge }] : [];
    }),
  };
}
