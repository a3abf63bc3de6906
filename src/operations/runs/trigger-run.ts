import * as z from "zod";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { schedulerOf, schedulingErrors } from "./scheduled.ts";

export const triggerRun = operation({
  name: "run.trigger",
  tag: "Runs",
  summary: "Run a connector now",
  details: "Works while it is paused, too. `force` delivers memories again that LightRAG has already.",
  access: "admin",
  input: z.strictObject({ connectorId: connectorIdField, force: z.boolean().default(false) }),
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_ACTIVE", "SCHEDULER_STOPPED"],
  changes: ["run.trigger"],
  run: async (context, { connectorId, force }) => {
    const runId = await schedulerOf(context, connectorId).trigger(connectorId, { force });
    await context.record({ action: "run.trigger", subject: connectorId, after: { runId, force } });
    return { connectorId, runId };
  },
});
