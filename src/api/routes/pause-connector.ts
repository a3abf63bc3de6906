import { requireEnabled, schedulingErrors } from "../enabled-connector.ts";
import { route } from "../route.ts";
import { scheduleAnswer, scheduleJsonOf } from "../schedule-answer.ts";
import { connectorId } from "./connector-id.ts";

export const pauseConnector = route({
  method: "POST",
  path: "/connectors/{id}/pause",
  access: "admin",
  tag: "Runs",
  summary: "Pause a connector",
  details: "No due times until it is resumed, over restarts too. A run that is under way goes on.",
  params: connectorId,
  status: 200,
  answer: scheduleAnswer,
  errors: schedulingErrors,
  changes: ["connector.pause"],
  handle: async ({ params: { id } }, parts) => {
    requireEnabled(parts.app, id);
    await parts.control.pause(id);
    return {
      body: await scheduleJsonOf(parts, id),
      change: { action: "connector.pause", subject: id },
    };
  },
});
