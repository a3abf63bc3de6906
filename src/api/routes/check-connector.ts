import * as z from "zod";
import { connectorPartsErrors } from "../error-groups.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

const result = z.strictObject({
  connectorId: z.string(),
  subject: z.string(),
  ok: z.boolean(),
  message: z.string(),
  code: z.string().nullable(),
  hint: z.string().nullable(),
});

export const checkConnector = route({
  method: "POST",
  path: "/connectors/{id}/check",
  access: "admin",
  tag: "Connectors",
  summary: "Try both ends of a connector; nothing is changed anywhere",
  params: connectorId,
  status: 200,
  answer: z.strictObject({ ok: z.boolean(), checks: z.array(result) }),
  errors: ["CONNECTOR_UNKNOWN", ...connectorPartsErrors],
  handle: async ({ params: { id }, signal }, { app }) => {
    const checks = await app.check(app.connector(id), signal);
    return { body: { ok: checks.every(({ ok }) => ok), checks } };
  },
});
