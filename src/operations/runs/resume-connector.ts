import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { scheduleAnswer, scheduleOf } from "./schedule-answer.ts";
import { schedulerOf, schedulingErrors } from "./scheduled.ts";

export const resumeConnector = operation({
  name: "connector.resume",
  tag: "Runs",
  summary: "Resume a paused connector",
  details: "Due times that passed during the pause are not made up for.",
  access: "admin",
  input: connectorInput,
  output: scheduleAnswer,
  errors: schedulingErrors,
  changes: ["connector.resume"],
  run: async (context, { connectorId }) => {
    await schedulerOf(context, connectorId).resume(connectorId);
    await context.record({ action: "connector.resume", subject: connectorId });
    return scheduleOf(context, connectorId);
  },
});
