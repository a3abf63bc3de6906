import * as z from "zod";
import { runJson, runSchema } from "../../json/run-json.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { pageEnd, pageQuery } from "../page.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

const answer = z.strictObject({ runs: z.array(runSchema), ...pageEnd });

export const listRuns = route({
  method: "GET",
  path: "/runs",
  access: "viewer",
  tag: "Runs",
  summary: "List the runs of all connectors, newest first",
  query: z.object(pageQuery),
  status: 200,
  answer,
  errors: ["STATE_CURSOR_INVALID"],
  handle: async ({ query }, { app }) => ({ body: await pageOf(app.state, query) }),
});

export const connectorHistory = route({
  method: "GET",
  path: "/connectors/{id}/history",
  access: "viewer",
  tag: "Runs",
  summary: "List a connector's runs, newest first",
  params: connectorId,
  query: z.object(pageQuery),
  status: 200,
  answer,
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  handle: async ({ params: { id }, query }, { app }) => {
    app.connector(id);
    return { body: await pageOf(app.state, { ...query, connectorId: id }) };
  },
});

async function pageOf(state: StateManager, query: Parameters<StateManager["listRuns"]>[0]) {
  const { runs, next } = await state.listRuns(query);
  return { runs: runs.map(runJson), next };
}
