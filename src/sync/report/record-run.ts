import {
  hasNothingToTell,
  interrupted,
  placeAfter,
  type RunOutcome,
  type RunRecord,
} from "../../domain/run-record.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { inSpan } from "../../kernel/tracing/span.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { rowError } from "../retry-policy.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncParts } from "../sync-parts.ts";
import { KeptProgress } from "./kept-progress.ts";
import { RunReport } from "./run-report.ts";
import { runResult, runSpan } from "./run-span.ts";

/** So many of a connector's runs are kept whatever they have to tell; of older ones, those that found or changed something. */
export const alwaysKept = 100;

/** The dependencies of recording a run, which are available even if it cannot begin. */
export type RunRecorder = Pick<SyncParts, "state" | "clock" | "events">;

/**
 * Ensures that every run leaves a record, and a span where traces are collected: `work` fills the report and returns the outcome.
 * Hold the connector's lock. Throws what the state store throws.
 */
export function recordRun(
  recorder: RunRecorder,
  connectorId: string,
  options: RunOptions,
  work: (report: RunReport) => Promise<RunOutcome>,
): Promise<RunRecord> {
  return inSpan(runSpan("run", connectorId, options), async (span) => {
    const record = await keepRecord(recorder, connectorId, options, work);
    span?.set(runResult(record));
    const code = record.outcome === "failed" ? record.errors.at(-1)?.code : undefined;
    if (code !== undefined) span?.fail(code);
    return record;
  });
}

async function keepRecord(
  { state, clock, events }: RunRecorder,
  connectorId: string,
  options: RunOptions,
  work: (report: RunReport) => Promise<RunOutcome>,
): Promise<RunRecord> {
  await closeInterruptedRun(state, connectorId);
  const startedAt = clock.now();
  const [newest] = (await state.listRuns({ limit: 1 })).runs;
  const report = new RunReport(connectorId, options, startedAt, placeAfter(newest, startedAt));
  report.before = await state.countRows(connectorId);
  await state.saveRun(report.toRecord("running", null));
  const { runId, trigger } = options;
  events.emit("run:start", { runId, connectorId, trigger, startedAt });

  const progress = new KeptProgress({ state, clock, events }, { runId, connectorId }, report);
  const outcome = await work(report).finally(() => progress.end());
  report.noteLeft(await state.countRows(connectorId), { atItsEnd: outcome === "success" });
  const record = report.toRecord(
    outcome === "success" && report.isIncomplete ? "partial" : outcome,
    clock.now(),
  );
  await state.saveRun(record);
  if (hasNothingToTell(record)) await state.thinRuns(connectorId, alwaysKept);
  if (record.counts.processed + record.counts.deleted > 0) await state.foldLog();
  events.emit("run:end", { record });
  return record;
}

/** Closes a run of this connector that is still `running` while we hold the lock: its process has ended. */
async function closeInterruptedRun(
  state: Pick<StateManager, "listRuns" | "saveRun" | "countRows">,
  connectorId: string,
): Promise<void> {
  const { runs } = await state.listRuns({ connectorId, limit: 1 });
  const [last] = runs;
  if (last?.outcome === "running") await state.saveRun(interrupted(last, await state.countRows(connectorId)));
}

/**
 * Records a run that failed before it began, because its dependencies could not be created: its id can be looked up, and listeners
 * for failed runs are notified. Throws `CONNECTOR_LOCKED`, and what the state store throws.
 */
export async function recordFailedStart(
  recorder: RunRecorder,
  connectorId: string,
  options: RunOptions,
  cause: unknown,
): Promise<RunRecord> {
  const lock = await recorder.state.lockConnector(connectorId, options.runId);
  try {
    return await recordRun(recorder, connectorId, options, async (report) => {
      report.addError(rowError(toConnectorError(cause)));
      return "failed";
    });
  } finally {
    await lock.release();
  }
}
