import * as z from "zod";
import type { AuditChange } from "../../access/audit/audit-log.ts";
import type { DriftReport } from "../../domain/drift-report.ts";
import { newRunId } from "../../sync/run-options.ts";
import { connectorPartsErrors, knowledgeErrors, sourceErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { schedulerOf, schedulingErrors } from "../runs/scheduler.ts";
import { driftReportJson, driftReportSchema } from "./drift-json.ts";

/** Options of the repair. */
export const reconcileFields = {
  repair: z.boolean().default(false).describe("repair what differs"),
  acceptDeletions: z
    .boolean()
    .default(false)
    .describe("believe the source, even if most documents look orphaned"),
};

export const reconcileCompanions = [
  { key: "acceptDeletions", beside: "repair", reason: "deletions are believed by a repair only" },
] as const;

/** Waits for the end; a service does the same in the background, see `reconciliation.request`. */
export const reconcileConnector = operation({
  name: "connector.reconcile",
  tag: "Connectors",
  summary: "Compare ledger, source and LightRAG as a whole, and repair what differs",
  access: "admin",
  input: z.strictObject({ connectorId: connectorIdField, ...reconcileFields }),
  companions: reconcileCompanions,
  output: driftReportSchema,
  errors: [
    "CONNECTOR_UNKNOWN",
    "CONNECTOR_LOCKED",
    ...connectorPartsErrors,
    ...sourceErrors,
    ...knowledgeErrors,
  ],
  changes: ["ledger.reconcile"],
  run: async ({ services, signal, clock, record }, { connectorId, repair, acceptDeletions }) => {
    const options = { repair, acceptDeletions, runId: newRunId(clock.now()), trigger: "cli" } as const;
    const report = await services.reconcile(services.connector(connectorId), options, signal);
    const change = repairChange(report);
    if (change !== null) await record(change);
    return driftReportJson(report);
  },
});

/** The audit entry of a repair; null for a comparison without one. */
export function repairChange({ connectorId, drift, repair }: DriftReport): AuditChange | null {
  if (repair === null) return null;
  const { run, removed, remaining } = repair;
  const after = { runId: run?.runId ?? null, removed, remaining };
  return { action: "ledger.reconcile", subject: connectorId, before: drift, after };
}

export const requestReconciliation = operation({
  name: "reconciliation.request",
  tag: "Connectors",
  summary: "Have the service compare ledger, source and LightRAG as a whole, and repair what differs",
  details:
    "Reads all three to their ends, so it takes longer than a run, and goes on when the caller has gone; `cancel` ends it at the next safe " +
    "place, and so does the end of the service. Without `repair` nothing is changed anywhere. With it, what LightRAG lost, failed or holds " +
    "with another text is delivered again, what the ledger has forgotten is adopted, and orphaned documents under names of the connector's " +
    "memories are removed; documents of others are never touched. It waits for its turn as a run does. GET shows how it stands, and what " +
    "the last one has found.",
  access: "admin",
  input: z.strictObject({ connectorId: connectorIdField, ...reconcileFields }),
  companions: reconcileCompanions,
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_ACTIVE", "SCHEDULER_STOPPED"],
  changes: ["ledger.reconcile"],
  run: async (context, { connectorId, repair, acceptDeletions }) => {
    const wish = { acceptDeletions, reconcile: { repair } };
    const runId = await schedulerOf(context, connectorId).trigger(connectorId, wish);
    const after = { runId, repair, acceptDeletions };
    await context.record({ action: "ledger.reconcile", subject: connectorId, after });
    return { connectorId, runId };
  },
});
