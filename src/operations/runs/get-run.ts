import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { operation } from "../operation.ts";
import { textOf } from "../texts.ts";
import { runJson, runSchema } from "./run-json.ts";

export const getRun = operation({
  name: "run.get",
  tag: "Runs",
  summary: "Show a run with its report",
  access: "viewer",
  input: z.strictObject({ runId: textOf(200) }),
  output: runSchema,
  errors: ["RUN_UNKNOWN"],
  run: async ({ services }, { runId }) => {
    const run = await services.state.getRun(runId);
    if (run !== null) return runJson(run);
    throw new ConnectorError("RUN_UNKNOWN", `the history has no run "${runId}"`, { subject: runId });
  },
});
