import * as z from "zod";
import { requireEnabled, schedulingErrors } from "../enabled-connector.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const cancelRun = route({
  method: "POST",
  path: "/connectors/{id}/cancel",
  access: "admin",
  tag: "Runs",
  summary: "Cancel the run that is queued or under way",
  details: "It stops at the next safe place; what was sent is taken up by the next run.",
  params: connectorId,
  status: 202,
  answer: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_NOT_ACTIVE"],
  changes: ["run.cancel"],
  handle: async ({ params: { id } }, { app, control }) => {
    requireEnabled(app, id);
    const runId = await control.cancel(id);
    return {
      body: { connectorId: id, runId },
      change: { action: "run.cancel", subject: id, after: { runId } },
    };
  },
});
