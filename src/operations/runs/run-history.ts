import * as z from "zod";
import type { RunRecord } from "../../domain/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { asItIs } from "../../sync/report/lost-runs.ts";
import { connectorIdField, pageEnd, pageQuery, textOf } from "../fields.ts";
import { operation } from "../operation.ts";
import { runJson, runSchema } from "./run-json.ts";

const output = z.strictObject({ runs: z.array(runSchema), ...pageEnd });

export const listRuns = operation({
  name: "run.list",
  tag: "Runs",
  summary: "List the runs of all connectors, newest first",
  access: "viewer",
  input: z.strictObject(pageQuery),
  output,
  errors: ["STATE_CURSOR_INVALID"],
  run: ({ services }, page) => pageOf(services.state, page),
});

export const connectorHistory = operation({
  name: "connector.history",
  tag: "Runs",
  summary: "List a connector's runs, newest first",
  access: "viewer",
  input: z.strictObject({ connectorId: connectorIdField, ...pageQuery }),
  output,
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: ({ services }, query) => {
    services.connector(query.connectorId);
    return pageOf(services.state, query);
  },
});

async function pageOf(state: StateManager, query: Parameters<StateManager["listRuns"]>[0]) {
  const { runs, next } = await state.listRuns(query);
  return { runs: await Promise.all(runs.map((run) => shown(state, run))), next };
}

async function shown(state: StateManager, run: RunRecord) {
  return runJson(await asItIs(state, run));
}

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
    if (run !== null) return shown(services.state, run);
    throw new ConnectorError("RUN_UNKNOWN", `the history has no run "${runId}"`, { subject: runId });
  },
});
