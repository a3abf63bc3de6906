import * as z from "zod";
import { countSchema } from "../../json/run-json.ts";
import { planRun as plan } from "../../sync/plan.ts";
import { connectorPartsErrors, sourceErrors } from "../error-groups.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

const counts = [
  "fetched",
  "new",
  "changed",
  "unchanged",
  "skipped",
  "malformed",
  "waiting",
  "documents",
  "characters",
  "estimatedTokens",
];

export const planRun = route({
  method: "POST",
  path: "/connectors/{id}/plan",
  access: "admin",
  tag: "Runs",
  summary: "Say what a run would send, and send nothing",
  params: connectorId,
  status: 200,
  answer: z.strictObject({
    connectorId: z.string(),
    ...Object.fromEntries(counts.map((name) => [name, countSchema])),
    truncated: z.string().nullable(),
    queryRange: z.enum(["day", "week", "month", "all", "auto"]),
    outside: countSchema.describe("memories of the source that lie outside of a fixed range"),
    notFound: z.array(z.string()),
  }),
  errors: ["CONNECTOR_UNKNOWN", ...connectorPartsErrors, ...sourceErrors],
  handle: async ({ params: { id }, signal }, { app }) => {
    const request = { force: false, filter: {} };
    const body = await app.withParts(app.connector(id), ({ settings, ...parts }) =>
      plan(parts, settings, request, signal),
    );
    return { body };
  },
});
