import * as z from "zod";
import { route } from "../route.ts";
import { scheduleAnswer, scheduleJsonOf } from "../schedule-answer.ts";
import { connectorId } from "./connector-id.ts";

export const connectorSchedule = route({
  method: "GET",
  path: "/connectors/{id}/schedule",
  access: "viewer",
  tag: "Connectors",
  summary: "Show when a connector is due next",
  params: connectorId,
  query: z.object({
    count: z.coerce.number().int().min(1).max(100).default(5).describe("how many due times"),
  }),
  status: 200,
  answer: scheduleAnswer,
  errors: ["CONNECTOR_UNKNOWN"],
  handle: async ({ params, query }, parts) => ({ body: await scheduleJsonOf(parts, params.id, query.count) }),
});
