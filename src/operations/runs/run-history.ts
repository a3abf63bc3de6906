import * as z from "zod";
import { unfinishedIn } from "../../domain/ledger-row.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { asItIs } from "../../sync/report/lost-runs.ts";
import { connectorIdField, pageEnd, pageQuery, textOf } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { runJson, runSchema } from "./run-json.ts";
import { runProgressFields, runProgressJson } from "./run-progress-json.ts";

const shownSchema = z.strictObject({
  ...runSchema.shape,
  progress: z
    .strictObject(runProgressFields)
    .nullable()
    .describe("how far a run is that is under way, in whatever process; null for any other"),
});
const output = z.strictObject({ runs: z.array(shownSchema), ...pageEnd });

export const listRuns = operation({
  name: "run.list",
  tag: "Runs",
  summary: "List the runs of all connectors, newest first",
  access: "viewer",
  input: z.strictObject(pageQuery),
  output,
  errors: ["STATE_CURSOR_INVALID"],
  run: (context, page) => pageOf(context, page),
});

export const connectorHistory = operation({
  name: "connector.history",
  tag: "Runs",
  summary: "List a connector's runs, newest first",
  access: "viewer",
  input: z.strictObject({ connectorId: connectorIdField, ...pageQuery }),
  output,
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: (context, query) => {
    context.services.connector(query.connectorId);
    return pageOf(context, query);
  },
});

type Known = Pick<OperationContext, "services" | "clock">;

async function pageOf(known: Known, query: Parameters<StateManager["listRuns"]>[0]) {
  const { runs, next } = await known.services.state.listRuns(query);
  return { runs: await Promise.all(runs.map((run) => shown(known, run))), next };
}

async function shown(
  { services: { state }, clock }: Known,
  stored: RunRecord,
): Promise<z.infer<typeof shownSchema>> {
  const run = await asItIs(state, stored);
  if (run.outcome !== "running") return { ...runJson(run), progress: null };
  const left = unfinishedIn(await state.countRows(run.connectorId));
  return { ...runJson(run), progress: runProgressJson(run.progress, left, clock.now()) };
}

export const getRun = operation({
  name: "run.get",
  tag: "Runs",
  summary: "Show a run with its report",
  access: "viewer",
  input: z.strictObject({ runId: textOf(200) }),
  output: shownSchema,
  errors: ["RUN_UNKNOWN"],
  run: async (context, { runId }) => {
    const run = await context.services.state.getRun(runId);
    if (run !== null) return shown(context, run);
    throw new ConnectorError("RUN_UNKNOWN", `the history has no run "${runId}"`, { subject: runId });
  },
});
