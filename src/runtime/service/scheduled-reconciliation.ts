import type { ConnectorConfig } from "../../config/config.ts";
import type { DriftReport } from "../../domain/drift-report.ts";
import { isAbort, isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { ReconcileOptions } from "../../sync/reconcile/reconciler.ts";
import { newRunId } from "../../sync/run-options.ts";

/** Polling interval: comparisons are hours or days apart, so a minute does not matter. Milliseconds. */
const pollIntervalMs = 60_000;
/** Wait after a comparison that failed, which may have read everything before it did. Milliseconds. */
const retryDelayMs = 900_000;

export interface ReconcileSchedule {
  /** The current connectors: a reload changes them. */
  connectors: () => readonly ConnectorConfig[];
  reconcile: (
    connector: ConnectorConfig,
    options: ReconcileOptions,
    signal: AbortSignal,
  ) => Promise<DriftReport>;
  state: Pick<StateManager, "reconciliations">;
  clock: Clock;
  log: Logger;
}

/**
 * Reconciles every connector with `reconcile.every`, one after the other, until the signal aborts; then rejects with its reason.
 * The first comparison follows one interval after the start of the service or after the last one; one that failed is made again after a rest.
 */
export async function reconcileOnSchedule(schedule: ReconcileSchedule, signal: AbortSignal): Promise<void> {
  const { connectors, clock } = schedule;
  const begunAt = clock.now();
  for (;;) {
    await clock.sleep(pollIntervalMs, signal);
    for (const connector of connectors()) {
      if (await isDue(schedule, connector, begunAt)) await reconcileOne(schedule, connector, signal);
    }
  }
}

async function isDue(
  { state, clock }: ReconcileSchedule,
  { id, enabled, reconcile }: ConnectorConfig,
  begunAt: number,
): Promise<boolean> {
  if (!enabled || reconcile.everyMs === null) return false;
  const { startedAt, latest } = (await state.reconciliations.get(id)) ?? {};
  const passed = (at: number) => passedSince(at, clock.now());
  if (passed(startedAt ?? begunAt) < reconcile.everyMs) return false;
  return (
    latest?.outcome !== "failed" || passed(latest.startedAt) >= Math.min(retryDelayMs, reconcile.everyMs)
  );
}

/** A time in the future comes from a clock that was set back since: the real age is unknown. */
function passedSince(at: number, now: number): number {
  return at > now ? Number.POSITIVE_INFINITY : now - at;
}

async function reconcileOne(
  { reconcile, clock, log }: ReconcileSchedule,
  connector: ConnectorConfig,
  signal: AbortSignal,
): Promise<void> {
  const runId = newRunId(clock.now());
  const options = {
    runId,
    trigger: "schedule",
    repair: connector.reconcile.repair,
    acceptDeletions: false,
  } as const;
  try {
    await reconcile(connector, options, signal);
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    // A run is active; the connector's turn comes at the next poll.
    if (isConnectorError(thrown, "CONNECTOR_LOCKED")) return;
    log.error({ connector_id: connector.id, error: toConnectorError(thrown).format() }, "not reconciled");
  }
}
