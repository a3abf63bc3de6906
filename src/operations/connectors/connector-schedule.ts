import * as z from "zod";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { scheduleAnswer, scheduleOf } from "../runs/schedule-answer.ts";

export const connectorSchedule = operation({
  name: "connector.schedule",
  tag: "Connectors",
  summary: "Show when a connector is due next",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField,
    count: z.coerce.number().int().min(1).max(100).default(5).describe("how many due times"),
  }),
  output: scheduleAnswer,
  errors: ["CONNECTOR_UNKNOWN"],
  run: (context, { connectorId, count }) => scheduleOf(context, connectorId, count),
});
