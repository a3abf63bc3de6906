import { requireEnabled, schedulingErrors } from "../enabled-connector.ts";
import { route } from "../route.ts";
import { scheduleAnswer, scheduleJsonOf } from "../schedule-answer.ts";
import { connectorId } from "./connector-id.ts";

export const resumeConnector = route({
  method: "POST",
  path: "/connectors/{id}/resume",
  access: "admin",
  tag: "Runs",
  summary: "Resume a paused connector",
  details: "Due times that passed during the pause are not made up for.",
  params: connectorId,
  status: 200,
  answer: scheduleAnswer,
  errors: schedulingErrors,
  changes: ["connector.resume"],
  handle: async ({ params: { id } }, parts) => {
    requireEnabled(parts.app, id);
    await parts.control.resume(id);
    return {
      body: await scheduleJsonOf(parts, id),
      change: { action: "connector.resume", subject: id },
    };
  },
});
