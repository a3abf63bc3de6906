import { serviceOrigin } from "../../access/audit/audit-origin.ts";
import type { ConnectorConfig } from "../../config/config.ts";
import type { DriftReport } from "../../domain/drift-report.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import type { RunWish } from "../../domain/run-wish.ts";
import { repairChange } from "../../operations/reconcile/reconcile-connector.ts";
import type { RunRequest } from "../../schedule/run-dispatcher.ts";
import type { ReconcileOptions } from "../../sync/reconcile/reconciler.ts";
import type { RunOptions } from "../../sync/run-options.ts";
import type { App } from "../app.ts";

/**
 * Executes a request of the scheduler; see `RunConnector`. Where processes share the work, that of a folder is for the one that has it: throws
 * `DIRECT_FOLDER_LOCKED` before anything has begun.
 */
export async function runRequest(
  app: App,
  { connectorId, runId, trigger, wish }: RunRequest,
  signal: AbortSignal,
): Promise<RunRecord | null> {
  const connector = app.connector(connectorId);
  if (app.state.sharedRuns !== null) await app.requireFreeFolder(connector);
  if (wish.reconcile === undefined) return app.run(connector, { runId, trigger, ...optionsOf(wish) }, signal);
  const { repair } = wish.reconcile;
  await reconcileForService(
    app,
    connector,
    { runId, trigger, repair, acceptDeletions: wish.acceptDeletions === true },
    signal,
  );
  return null;
}

/** A comparison that the service makes; its repair is in the audit log. Throws what `App.reconcile` throws. */
export async function reconcileForService(
  app: App,
  connector: ConnectorConfig,
  options: ReconcileOptions,
  signal: AbortSignal,
): Promise<DriftReport> {
  const report = await app.reconcile(connector, options, signal);
  const change = repairChange(report);
  if (change !== null) await app.audit.record(serviceOrigin(), change);
  return report;
}

function optionsOf({ force, outdated, acceptResends, acceptDeletions, since, until, ids, hinted }: RunWish) {
  const filter = { since, until, ids: ids && new Set(ids) };
  return {
    ...{ force: force === true, outdated: outdated === true, wait: true, filter },
    ...(hinted !== undefined && { hinted: new Set(hinted) }),
    ...{ acceptResends: acceptResends === true, acceptDeletions: acceptDeletions === true },
  } satisfies Omit<RunOptions, "runId" | "trigger">;
}
