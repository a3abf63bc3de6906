import * as z from "zod";
import { queryRanges } from "../../sync/query-range.ts";
import { budgetLeftSchema, heldSchema } from "../dead-letters/replay-cost-json.ts";
import { connectorPartsErrors, sourceErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { memoryFilter, memoryFilterFields, outdatedField } from "./memory-filter.ts";
import { countSchema, notDeliveredSchema } from "./run-json.ts";

export const planRun = operation({
  name: "run.plan",
  tag: "Runs",
  summary: "Say what a run would send, and send nothing",
  details: "Reads the source and the ledger. Neither LightRAG nor the ledger is touched.",
  access: "admin",
  input: z.strictObject({
    connectorId: connectorIdField,
    force: z.boolean().default(false).describe("count what LightRAG has already, too"),
    outdated: outdatedField,
    ...memoryFilterFields,
  }),
  output: z.strictObject({
    connectorId: z.string(),
    fetched: countSchema,
    new: countSchema,
    changed: countSchema,
    unchanged: countSchema,
    outdated: countSchema.describe(
      "documents that would only be written otherwise, where they are asked for by `outdated`",
    ),
    skipped: countSchema,
    malformed: countSchema,
    problems: z
      .array(z.string())
      .describe(
        "what is wrong with the first items of the source that are malformed, or of which something cannot be read",
      ),
    pending: countSchema.describe("that the source shows and that cannot be read yet"),
    waiting: countSchema.describe("left over from earlier runs"),
    documents: countSchema.describe("that would be sent"),
    characters: countSchema,
    estimatedTokens: countSchema.describe("estimated by language"),
    truncated: z.string().nullable(),
    queryRange: z.enum(queryRanges),
    outside: countSchema.describe("memories of the source that lie outside of a fixed range"),
    notDelivered: z
      .array(notDeliveredSchema)
      .describe("of the memories that were named, those that would not be delivered, and why"),
    notFound: z.array(z.string()).describe("ids that were named and that the source does not show"),
    brakes: z
      .array(z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }))
      .describe("what would be held and why, and how to say that it is right"),
    budget: z
      .strictObject({
        left: budgetLeftSchema,
        held: heldSchema,
        tooLarge: countSchema.describe(
          "documents that are larger than a whole day's: they become dead letters",
        ),
      })
      .nullable()
      .describe("null without a budget"),
    media: countSchema.describe("recordings and pictures that no model has read yet"),
    mediaHeld: z
      .strictObject({ count: countSchema, limit: z.enum(["run", "day", "documents"]) })
      .nullable()
      .describe(
        "those of them that wait, and for what: `media.max_per_run`, `media.max_per_day`, or the day's documents; null where all have room",
      ),
    cost: z
      .number()
      .nullable()
      .describe("of the estimated tokens, at `budget.price_per_million_tokens`; null without a price"),
  }),
  errors: ["CONNECTOR_UNKNOWN", ...connectorPartsErrors, ...sourceErrors],
  run: async ({ services, signal }, { connectorId, force, outdated, ...which }) => {
    const { planRun: plan } = await import("../../sync/discover/plan.ts");
    const connector = services.connector(connectorId);
    const filter = memoryFilter(which, connector.timezone);
    const planned = await services.withParts(connector, ({ settings, ...parts }) =>
      plan(parts, settings, { force, outdated, filter }, signal),
    );
    return { ...planned, cost: costOfTokens(planned.estimatedTokens, connector.pricePerMillionTokens) };
  },
});

/** To the hundredth part of a cent. */
function costOfTokens(tokens: number, pricePerMillion: number | null): number | null {
  return pricePerMillion === null ? null : Number(((tokens / 1_000_000) * pricePerMillion).toFixed(4));
}
