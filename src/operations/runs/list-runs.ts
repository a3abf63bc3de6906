import * as z from "zod";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { pageEnd, pageQuery } from "../page.ts";
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
  return { runs: runs.map(runJson), next };
}
