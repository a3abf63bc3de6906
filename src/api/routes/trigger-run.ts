import * as z from "zod";
import { requireEnabled, schedulingErrors } from "../enabled-connector.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const triggerRun = route({
  method: "POST",
  path: "/connectors/{id}/trigger",
  access: "admin",
  tag: "Runs",
  summary: "Run a connector now",
  details: "Works while it is paused, too. `force` delivers memories again that LightRAG has already.",
  params: connectorId,
  query: z.object({ force: z.enum(["true", "false"]).default("false") }),
  status: 202,
  answer: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_ACTIVE", "SCHEDULER_STOPPED"],
  changes: ["run.trigger"],
  handle: async ({ params: { id }, query }, { app, control }) => {
    requireEnabled(app, id);
    const force = query.force === "true";
    const runId = await control.trigger(id, { force });
    return {
      body: { connectorId: id, runId },
      headers: { location: `/runs/${runId}` },
      change: { action: "run.trigger", subject: id, after: { runId, force } },
    };
  },
});
