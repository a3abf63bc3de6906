import * as z from "zod";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { schedulerOf, schedulingErrors } from "../runs/scheduled.ts";
import { reconcileFields } from "./reconcile-connector.ts";

export const requestReconciliation = operation({
  name: "reconciliation.request",
  tag: "Connectors",
  summary: "Have the service compare ledger, source and LightRAG as a whole, and repair what differs",
  details:
    "Reads all three to their ends, so it takes longer than a run, and goes on when the caller has gone; `cancel` ends it at the next safe " +
    "place, and so does the end of the service. Without `repair` nothing is changed anywhere. With it, what LightRAG lost, failed or holds " +
    "with another text is delivered again, what the ledger has forgotten is adopted, and orphaned documents under names of the connector's " +
    "memories are removed; documents of others are never touched. It waits for its turn as a run does. GET shows how it stands, and what " +
    "the last one has found.",
  access: "admin",
  input: z.strictObject({ connectorId: connectorIdField, ...reconcileFields }),
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_ACTIVE", "SCHEDULER_STOPPED"],
  changes: ["ledger.reconcile"],
  run: async (context, { connectorId, repair, acceptDeletions }) => {
    const wish = { acceptDeletions, reconcile: { repair } };
    const runId = await schedulerOf(context, connectorId).trigger(connectorId, wish);
    const after = { runId, repair, acceptDeletions };
    await context.record({ action: "ledger.reconcile", subject: connectorId, after });
    return { connectorId, runId };
  },
});
