import * as z from "zod";
import { scheduleAnswer, scheduleOf } from "../connectors/connector-schedule.ts";
import { connectorIdField, connectorInput, noteField } from "../fields.ts";
import { operation } from "../operation.ts";
import { schedulerOf, schedulingErrors } from "./scheduler.ts";

export const pauseConnector = operation({
  name: "connector.pause",
  tag: "Runs",
  summary: "Pause a connector",
  details:
    "No due times until it is resumed, over restarts too. A run that is under way goes on. A `note` says why, wherever the pause is shown; " +
    "of a connector that is paused already it replaces the old one.",
  access: "admin",
  input: z.strictObject({
    connectorId: connectorIdField,
    note: noteField.optional().describe("why, in one line; gone when it is resumed"),
  }),
  output: scheduleAnswer,
  errors: schedulingErrors,
  changes: ["connector.pause"],
  run: async (context, { connectorId, note }) => {
    await schedulerOf(context, connectorId).pause(connectorId, note);
    const noted = note === undefined ? {} : { after: { note } };
    await context.record({ action: "connector.pause", subject: connectorId, ...noted });
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
