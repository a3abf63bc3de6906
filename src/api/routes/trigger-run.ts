import * as z from "zod";
import { ConnectorError } from "../../errors/connector-error.ts";
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
  errors: [
    "CONNECTOR_UNKNOWN",
    "CONNECTOR_DISABLED",
    "RUN_ACTIVE",
    "SCHEDULER_STOPPED",
    "SCHEDULER_ELSEWHERE",
  ],
  changes: ["run.trigger"],
  handle: async ({ params: { id }, query }, { app, control }) => {
    if (!app.connector(id).enabled) {
      throw new ConnectorError("CONNECTOR_DISABLED", `connector "${id}" is switched off`, { subject: id });
    }
    const force = query.force === "true";
    const runId = await control.trigger(id, { force });
    return {
      body: { connectorId: id, runId },
      headers: { location: `/runs/${runId}` },
      change: { action: "run.trigger", subject: id, after: { runId, force } },
    };
  },
});
