import * as z from "zod";
import { type ReconciliationRecord, reconciliationOutcomes } from "../../domain/drift-report.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { processOf } from "../../sync/report/lost-runs.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { readable } from "../readable.ts";
import { instantSchema, isoInstant, runSchema } from "../runs/run-json.ts";
import { driftReportJson, driftReportSchema } from "./drift-json.ts";

const latestSchema = z.strictObject({
  ...runSchema.pick({ runId: true, trigger: true, startedAt: true }).shape,
  endedAt: instantSchema
    .nullable()
    .describe("null while it is under way, and where nobody knows when it ended"),
  repair: z.boolean(),
  outcome: z.enum(reconciliationOutcomes).describe("`interrupted`: its process died"),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});

export const getReconciliation = operation({
  name: "reconciliation.get",
  tag: "Connectors",
  summary:
    "Show the latest comparison of ledger, source and LightRAG, and what the last one that ended has found",
  access: "viewer",
  input: connectorInput,
  output: z.strictObject({
    connectorId: z.string(),
    latest: latestSchema.nullable().describe("null before there was one"),
    report: driftReportSchema.nullable().describe("of the last one that came to its end"),
  }),
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services }, { connectorId }) => {
    services.connector(connectorId);
    const { latest = null, report = null } = (await services.state.reconciliations.get(connectorId)) ?? {};
    const shown = latest && (await withoutLost(services.state, connectorId, latest));
    return {
      connectorId,
      latest: shown && readable(latestSchema, () => latestJson(shown)),
      report: report && readable(driftReportSchema, () => driftReportJson(report)),
    };
  },
});

/** A comparison whose process died is shown as such before the next service closes its record. Its end is unknown. */
async function withoutLost(state: StateManager, connectorId: string, latest: ReconciliationRecord) {
  const isLost =
    latest.outcome === "running" && (await processOf(state, { connectorId, ...latest })) === null;
  return isLost ? { ...latest, outcome: "interrupted" as const } : latest;
}

function latestJson({ startedAt, endedAt, ...rest }: ReconciliationRecord): z.input<typeof latestSchema> {
  return {
    ...rest,
    startedAt: isoInstant(startedAt),
    endedAt: endedAt === null ? null : isoInstant(endedAt),
  };
}
