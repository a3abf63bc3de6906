import type { RunRecord } from "../../domain/run-record.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { rowError } from "../retry-policy.ts";
import type { RunOptions } from "../sync-settings.ts";
import { type RunRecorder, recordRun } from "./record-run.ts";

/**
 * The record of a run that ended before it began, because what it works with cannot be built: whoever was given its id finds it, and what
 * listens for failed runs hears of it. Throws `CONNECTOR_LOCKED`, and what the state store throws.
 */
export async function recordFailedStart(
  recorder: RunRecorder,
  connectorId: string,
  options: RunOptions,
  cause: unknown,
): Promise<RunRecord> {
  const lock = await recorder.state.lockConnector(connectorId);
  try {
    return await recordRun(recorder, connectorId, options, async (report) => {
      report.addError(rowError(toConnectorError(cause)));
      return "failed";
    });
  } finally {
    await lock.release();
  }
}
