import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { cancelBackfill as cancel } from "../../sync/backfill.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";
import { backfillJson, backfillSchema } from "./get-backfill.ts";

export const cancelBackfill = operation({
  name: "backfill.cancel",
  tag: "Runs",
  summary: "Deliver no more of the old memories that were asked for",
  details:
    "What was delivered stays. Memories that wait and lie outside of the connector's own `query_range` are forgotten and can be asked for " +
    "again; those inside of it are delivered as any memory is. While a run is at work it is refused: cancel the run first.",
  access: "admin",
  input: connectorInput,
  output: z.strictObject({
    connectorId: z.string(),
    backfill: backfillSchema,
    forgotten: countSchema.describe("memories that wait no longer"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED", "BACKFILL_NOT_ACTIVE"],
  changes: ["backfill.cancel"],
  run: async ({ services, clock, record }, { connectorId }) => {
    const { queryRange } = services.connector(connectorId).ingestion;
    const cancelled = await cancel(services.state, connectorId, queryRange, clock.now());
    if (cancelled === null) {
      const message = `connector "${connectorId}" has no backfill under way`;
      throw new ConnectorError("BACKFILL_NOT_ACTIVE", message, { subject: connectorId });
    }
    const { forgotten } = cancelled;
    const backfill = backfillJson(cancelled.backfill);
    await record({ action: "backfill.cancel", subject: connectorId, after: { ...backfill, forgotten } });
    return { connectorId, backfill, forgotten };
  },
});
