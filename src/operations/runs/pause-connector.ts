import { scheduleAnswer, scheduleOf } from "../connectors/connector-schedule.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { schedulerOf, schedulingErrors } from "./scheduler.ts";

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
