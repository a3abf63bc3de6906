import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { scheduleAnswer, scheduleOf } from "./schedule-answer.ts";
import { schedulerOf, schedulingErrors } from "./scheduled.ts";

export const pauseConnector = operation({
  name: "connector.pause",
  tag: "Runs",
  summary: "Pause a connector",
  details: "No due times until it is resumed, over restarts too. A run that is under way goes on.",
  access: "admin",
  input: connectorInput,
  output: scheduleAnswer,
  errors: schedulingErrors,
  changes: ["connector.pause"],
  run: async (context, { connectorId }) => {
    await schedulerOf(context, connectorId).pause(connectorId);
    await context.record({ action: "connector.pause", subject: connectorId });
    return scheduleOf(context, connectorId);
  },
});
