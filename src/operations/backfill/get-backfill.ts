import * as z from "zod";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { readable } from "../readable.ts";
import { backfillJson, backfillSchema } from "./backfill-json.ts";

export const getBackfill = operation({
  name: "backfill.get",
  tag: "Runs",
  summary: "Show the old memories that were asked for last",
  access: "viewer",
  input: connectorInput,
  output: z.strictObject({
    connectorId: z.string(),
    backfill: backfillSchema.nullable().describe("null when none were ever asked for"),
  }),
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services }, { connectorId }) => {
    services.connector(connectorId);
    const backfill = await services.state.backfills.get(connectorId);
    return { connectorId, backfill: backfill && readable(backfillSchema, () => backfillJson(backfill)) };
  },
});
