import * as z from "zod";
import { queryRanges } from "../../sync/query-range.ts";
import { connectorPartsErrors, sourceErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { memoryFilter, memoryFilterFields } from "./memory-filter.ts";
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
    ...memoryFilterFields,
  }),
  output: z.strictObject({
    connectorId: z.string(),
    fetched: countSchema,
    new: countSchema,
    changed: countSchema,
    unchanged: countSchema,
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
  }),
  errors: ["CONNECTOR_UNKNOWN", ...connectorPartsErrors, ...sourceErrors],
  run: async ({ services, signal }, { connectorId, force, ...which }) => {
    const { planRun: plan } = await import("../../sync/discover/plan.ts");
    const connector = services.connector(connectorId);
    const filter = memoryFilter(which, connector.timezone);
    return services.withParts(connector, ({ settings, ...parts }) =>
      plan(parts, settings, { force, filter }, signal),
    );
  },
});
