import * as z from "zod";
import { alertJson, alertSchema } from "../../json/alert-json.ts";
import { route } from "../route.ts";

export const listAlerts = route({
  method: "GET",
  path: "/alerts",
  access: "viewer",
  tag: "Service",
  summary: "List alerts: conditions that last, and the last time of each that is over",
  query: z.object({
    state: z.enum(["firing", "resolved"]).optional().describe("only these; left out: all"),
  }),
  status: 200,
  answer: z.strictObject({ alerts: z.array(alertSchema) }),
  errors: [],
  handle: async ({ query: { state } }, { app }) => {
    const alerts = await app.state.notifications.listAlerts();
    const wanted = alerts.filter(
      ({ resolvedAt }) => state === undefined || (state === "firing") === (resolvedAt === null),
    );
    return { body: { alerts: wanted.map(alertJson) } };
  },
});
