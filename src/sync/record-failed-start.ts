import { toConnectorError } from "../kernel/errors/connector-error.ts";
import { placeAfter, type RunRecord } from "../state/run-record.ts";
import { RunReport } from "./report.ts";
import { rowError } from "./retry-policy.ts";
import type { SyncParts } from "./run-context.ts";
import type { RunOptions } from "./sync-settings.ts";

/**
 * The record of a run that ended before it began, because what it works with cannot be built: whoever was given its id finds it, and what
 * listens for failed runs hears of it. Throws `CONNECTOR_LOCKED`, and what the state store throws.
 */
export async function recordFailedStart(
  { state, clock, events }: Pick<SyncParts, "state" | "clock" | "events">,
  connectorId: string,
  options: RunOptions,
  cause: unknown,
): Promise<RunRecord> {
  const lock = await state.lockConnector(connectorId);
  try {
    const startedAt = clock.now();
    const [newest] = (await state.listRuns({ limit: 1 })).runs;
    const report = new RunReport(connectorId, options, startedAt, placeAfter(newest, startedAt));
    report.addError(rowError(toConnectorError(cause)));
    report.noteLeft(await state.countRows(connectorId));
    const record = report.toRecord("failed", clock.now());
    await state.saveRun(record);
    events.emit("run:start", { runId: options.runId, connectorId, trigger: options.trigger, startedAt });
    events.emit("run:end", { record });
    return record;
  } finally {
    await lock.release();
  }
}
