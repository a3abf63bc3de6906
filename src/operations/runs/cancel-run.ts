import * as z from "zod";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { schedulerOf, schedulingErrors } from "./scheduler.ts";

export const cancelRun = operation({
  name: "run.cancel",
  tag: "Runs",
  summary: "Cancel the run that is queued or under way",
  details: "It stops at the next safe place; what was sent is taken up by the next run.",
  access: "admin",
  input: connectorInput,
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_NOT_ACTIVE"],
  changes: ["run.cancel"],
  run: async (context, { connectorId }) => {
    const runId = await schedulerOf(context, connectorId).cancel(connectorId);
    await context.record({ action: "run.cancel", subject: connectorId, after: { runId } });
    return { connectorId, runId };
  },
});
