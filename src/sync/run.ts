import { unfinishedIn } from "../domain/ledger-row.ts";
import type { RunOutcome, RunRecord } from "../domain/run-record.ts";
import { ConnectorError, isConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import { inSpan } from "../kernel/tracing/span.ts";
import { startTimeLimit } from "../kernel/util/clock.ts";
import { plural } from "../kernel/util/readable.ts";
import { shellWord } from "../kernel/util/terminal-text.ts";
import { activeBackfill, finishBackfill } from "./backfill.ts";
import { deliver } from "./deliver/deliver.ts";
import { discover, discoverBackfill } from "./discover/discover.ts";
import { settleWatermarks } from "./discover/watermark.ts";
import type { RunPhase } from "./events.ts";
import { reportLostDocuments } from "./recover/lost-documents.ts";
import { recoverInFlight } from "./recover/recover-in-flight.ts";
import { notDelivered } from "./report/not-delivered.ts";
import { warnOfNothingFound } from "./report/nothing-found.ts";
import { recordRun } from "./report/record-run.ts";
import type { RunReport } from "./report/run-report.ts";
import { rowError } from "./retry-policy.ts";
import type { RunOptions } from "./run-options.ts";
import { partsOfRun, type RunParts } from "./run-parts.ts";
import type { SyncParts } from "./sync-parts.ts";
import type { SyncSettings } from "./sync-settings.ts";

/**
 * Runs one connector: connect, recover what an earlier run left in flight, discover, deliver, report. The phases are functions,
 * each in its folder; this class calls them in order and holds the connector's lock; `recordRun` ensures that every run leaves a
 * record.
 */
export class ConnectorSync {
  readonly #parts: SyncParts;
  readonly #settings: SyncSettings;

  constructor(parts: SyncParts, settings: SyncSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  /**
   * Resolves to the record of the run, which contains its errors. Throws only what prevents the run: `CONNECTOR_LOCKED`,
   * `DIRECT_FOLDER_LOCKED` unless its id was handed out (trigger `api`), or a state store that is not writable.
   */
  async run(options: RunOptions, signal: AbortSignal): Promise<RunRecord> {
    const lock = await this.#parts.state.lockConnector(this.#settings.connectorId, options.runId);
    try {
      return await this.runLocked(options, signal);
    } finally {
      await lock.release();
    }
  }

  /** The same for a caller that holds the connector's lock. */
  async runLocked(options: RunOptions, signal: AbortSignal): Promise<RunRecord> {
    const { connectorId, runTimeoutMs } = this.#settings;
    if (options.trigger !== "api") this.#requireFreeSink();
    return recordRun(this.#parts, connectorId, options, async (report) => {
      const limit = startTimeLimit(runTimeoutMs, this.#parts.clock);
      const outcome = await this.#work(options, report, AbortSignal.any([signal, limit.signal]))
        .catch((error: unknown) => this.#failure(error, report, signal, limit.signal))
        .finally(limit.clear);
      if (options.filter.ids !== undefined)
        report.notDelivered = await notDelivered(this.#parts, this.#settings, options, report);
      return outcome;
    });
  }

  /** A run that another process leaves no room for is none, as where that works on the connector: the last run stays the last one. */
  #requireFreeSink(): void {
    try {
      this.#parts.sink.requireFree?.();
    } catch (thrown) {
      if (!isConnectorError(thrown, "DIRECT_FOLDER_LOCKED")) throw thrown;
      const { connectorId } = this.#settings;
      const hint =
        `a service that holds it does not end: have it run the connector by \`memory-connector trigger --connector-id ${shellWord(connectorId)}\`; ` +
        "for anything else wait until it has ended";
      throw new ConnectorError("DIRECT_FOLDER_LOCKED", thrown.message, {
        subject: thrown.subject ?? connectorId,
        hint,
      });
    }
  }

  async #work(options: RunOptions, report: RunReport, signal: AbortSignal): Promise<RunOutcome> {
    const phase = <Result>(name: RunPhase, task: () => Promise<Result>) =>
      this.#phase(name, options, report, task);
    const { state, sink } = this.#parts;
    const info = await phase("connect", () => sink.connect(signal));
    const asked = await activeBackfill(state, this.#settings.connectorId);
    const begun = { options, report, info, backfill: asked };
    const run = partsOfRun({ ...this.#parts, settings: this.#settings }, begun);
    await phase("reconcile", async () => {
      await recoverInFlight(run, signal);
      await reportLostDocuments(run, signal);
    });
    const { held, backfill } = await phase("discover", () => discoverUnlessHeld(run, signal));
    report.expectDeliveries(await this.#unfinished());
    report.waitingForMedia = await this.#waitingForMedia();
    await phase("deliver", () => deliver({ ...run, backfill }, signal));
    if (held !== null) throw held;
    await warnOfNothingFound(run, signal);
    await finishBackfill(run, backfill);
    await settleWatermarks(run);
    return "success";
  }

  async #phase<Result>(
    phase: RunPhase,
    options: RunOptions,
    report: RunReport,
    task: () => Promise<Result>,
  ): Promise<Result> {
    const { clock, events } = this.#parts;
    events.emit("run:phase", { ...this.#ids(options), phase });
    const startedAt = clock.monotonic();
    return await inSpan({ name: phase }, task).finally(() =>
      report.addDuration(phase, clock.monotonic() - startedAt),
    );
  }

  #failure(error: unknown, report: RunReport, signal: AbortSignal, timeout: AbortSignal): RunOutcome {
    if (signal.aborted) {
      report.addError(rowError(cancelled(signal.reason)));
      return "cancelled";
    }
    const reason = timeout.aborted
      ? new ConnectorError(
          "RUN_TIMED_OUT",
          `the run took longer than its limit of ${limitOf(this.#settings)}`,
        )
      : toConnectorError(error);
    report.addError(rowError(reason));
    return "failed";
  }

  async #unfinished(): Promise<number> {
    return unfinishedIn(await this.#parts.state.countRows(this.#settings.connectorId));
  }

  async #waitingForMedia(): Promise<number> {
    const { connectorId, contextIds } = this.#settings;
    const waiting = await Promise.all(
      contextIds.map((contextId) => this.#parts.state.waiting({ connectorId, contextId })),
    );
    return waiting.reduce((sum, { media }) => sum + media, 0);
  }

  #ids(options: RunOptions) {
    return { runId: options.runId, connectorId: this.#settings.connectorId };
  }
}

/** What a brake holds stays as it is: what is new is delivered all the same. */
async function discoverUnlessHeld(
  run: RunParts,
  signal: AbortSignal,
): Promise<{ held: ConnectorError | null; backfill: RunParts["backfill"] }> {
  try {
    await discover(run, signal);
    return { held: null, backfill: await discoverBackfill(run, signal) };
  } catch (thrown) {
    if (!isConnectorError(thrown, "RUN_HELD")) throw thrown;
    return { held: thrown, backfill: run.backfill };
  }
}

/** Whoever cancels a run may have said why. */
function cancelled(reason: unknown): ConnectorError {
  return isConnectorError(reason, "CANCELLED")
    ? reason
    : new ConnectorError("CANCELLED", "the run was cancelled");
}

/** In whole minutes if possible, otherwise in seconds. */
function limitOf({ runTimeoutMs }: SyncSettings): string {
  const minutes = runTimeoutMs / 60_000;
  return Number.isInteger(minutes) ? plural(minutes, "minute") : `${runTimeoutMs / 1_000} s`;
}
