import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import type { SpentBudget } from "../../state/record-stores.ts";
import type { StatusCounts } from "../../state/state-manager.ts";
import { countSchema } from "../runs/run-json.ts";

const share = z.strictObject({ spent: countSchema, limit: countSchema.nullable() });

/** A connector's budget and what is left of it, as `--json` prints it and the API answers it. */
export const budgetSchema = z
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

export function budgetJson(
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
