import type { DriftReport, ReconciliationRecord } from "../../domain/drift-report.ts";
import {
  type ConnectorError,
  isConnectorError,
  toConnectorError,
} from "../../kernel/errors/connector-error.ts";
import { inSpan } from "../../kernel/tracing/span.ts";
import { runSpan } from "../report/run-span.ts";
import { rowError } from "../retry-policy.ts";
import type { SyncParts } from "../sync-parts.ts";

/** The dependencies of recording a comparison, which are available even if it cannot begin. */
export type ReconciliationRecorder = Pick<SyncParts, "state" | "clock" | "events">;

type Begun = Pick<ReconciliationRecord, "runId" | "trigger" | "repair">;

/**
 * Records that a comparison is running, and its findings or its error. The findings of the last complete one are kept until another
 * one completes. Hold the connector's lock. Throws what `work` and the state store throw.
 */
export function recordReconciliation(
  recorder: ReconciliationRecorder,
  connectorId: string,
  begun: Begun,
  work: (startedAt: number) => Promise<DriftReport>,
): Promise<DriftReport> {
  return inSpan(runSpan("reconcile", connectorId, begun), () =>
    keepFindings(recorder, connectorId, begun, work),
  );
}

async function keepFindings(
  recorder: ReconciliationRecorder,
  connectorId: string,
  begun: Begun,
  work: (startedAt: number) => Promise<DriftReport>,
): Promise<DriftReport> {
  const { state, clock, events } = recorder;
  const startedAt = clock.now();
  const latest = recordOf(begun, startedAt);
  await keep(recorder, connectorId, latest);
  events.emit("drift:started", { ...pick(begun), connectorId, startedAt });
  try {
    const report = await work(startedAt);
    const ended = { ...latest, outcome: "success", endedAt: clock.now() } as const;
    await state.reconciliations.save({ connectorId, startedAt, report, latest: ended });
    events.emit("drift:checked", { report });
    return report;
  } catch (thrown) {
    await recordFailure(recorder, connectorId, latest, toConnectorError(thrown));
    throw thrown;
  }
}

/** Records a comparison that failed before it began, so that its id can be looked up. Throws what the state store throws. */
export async function recordUnbegunReconciliation(
  recorder: ReconciliationRecorder,
  connectorId: string,
  begun: Begun,
  cause: unknown,
): Promise<void> {
  const known = await recorder.state.reconciliations.get(connectorId);
  if (known?.latest?.runId === begun.runId) return;
  await recordFailure(recorder, connectorId, recordOf(begun, recorder.clock.now()), toConnectorError(cause));
}

/**
 * Closes records that are still `running` although their connector is not locked: their process has ended. A connector that is
 * running is skipped.
 */
export async function closeInterrupted(recorder: ReconciliationRecorder, connectorId: string): Promise<void> {
  const { state, clock } = recorder;
  if ((await state.reconciliations.get(connectorId))?.latest?.outcome !== "running") return;
  const lock = await state.lockConnector(connectorId).catch(ifLocked);
  if (lock === null) return;
  try {
    const { latest } = (await state.reconciliations.get(connectorId)) ?? {};
    if (latest?.outcome !== "running") return;
    await keep(recorder, connectorId, { ...latest, outcome: "interrupted", endedAt: clock.now() });
  } finally {
    await lock.release();
  }
}

function ifLocked(thrown: unknown): null {
  if (isConnectorError(thrown, "CONNECTOR_LOCKED")) return null;
  throw thrown;
}

async function recordFailure(
  recorder: ReconciliationRecorder,
  connectorId: string,
  latest: ReconciliationRecord,
  cause: ConnectorError,
): Promise<void> {
  const outcome = isConnectorError(cause, "CANCELLED") ? "cancelled" : "failed";
  const error = rowError(cause);
  await keep(recorder, connectorId, { ...latest, outcome, endedAt: recorder.clock.now(), error });
  recorder.events.emit("drift:failed", { runId: latest.runId, connectorId, error });
}

/** Saves the state, next to the findings of the last complete comparison. */
async function keep(
  { state }: ReconciliationRecorder,
  connectorId: string,
  latest: ReconciliationRecord,
): Promise<void> {
  const { startedAt = null, report = null } = (await state.reconciliations.get(connectorId)) ?? {};
  await state.reconciliations.save({ connectorId, startedAt, report, latest });
}

function recordOf(begun: Begun, startedAt: number): ReconciliationRecord {
  return { ...pick(begun), startedAt, endedAt: null, outcome: "running", error: null };
}

const pick = ({ runId, trigger, repair }: Begun): Begun => ({ runId, trigger, repair });
