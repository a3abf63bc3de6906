import * as z from "zod";
import { ConnectorError } from "../../errors/connector-error.ts";
import { runJson, runSchema } from "../../json/run-json.ts";
import { route } from "../route.ts";
import { textOf } from "../texts.ts";

export const getRun = route({
  method: "GET",
  path: "/runs/{runId}",
  access: "viewer",
  tag: "Runs",
  summary: "Show a run with its report",
  params: z.object({ runId: textOf(200) }),
  status: 200,
  answer: runSchema,
  errors: ["RUN_UNKNOWN"],
  handle: async ({ params: { runId } }, { app }) => {
    const run = await app.state.getRun(runId);
    if (run !== null) return { body: runJson(run) };
    throw new ConnectorError("RUN_UNKNOWN", `the history has no run "${runId}"`, { subject: runId });
  },
});
