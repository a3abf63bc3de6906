import type { RunRecord } from "../domain/run-record.ts";
import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError, isConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { OpenRun } from "../state/schedule-state.ts";
import type { SchedulerEvents } from "./events.ts";
import { decideDue, type SkipReason } from "./planning.ts";
import { type RunConnector, RunDispatcher, type RunRequest, type Settled } from "./run-dispatcher.ts";
import type { Entry, Timetable } from "./timetable.ts";

export interface RunQueueOptions {
  run: RunConnector;
  table: Timetable;
  clock: Clock;
  events: Emitter<SchedulerEvents>;
  maxConcurrentConnectors: number;
  /** Id of a run that begins now. */
  newRunId: (now: number) => string;
  /** Told of each run that is over here, once the table has its outcome. Given where other processes share the work. */
  over?: (request: RunRequest, end: RunEnd) => void;
}

/** `cut-short`: to be resumed, here or elsewhere. `left`: it has not begun, and another process is to begin it. */
export type RunEnd = "ended" | "cut-short" | "left";

interface Launch {
  connectorId: string;
  trigger: RunRecord["trigger"];
  wish: RunWish;
  /** How late the run was dispatched; null when it had no due time. Milliseconds. */
  latenessMs: number | null;
}

/** Whether the run could not begin because of another process. */
function isHeldByOthers(error: unknown): boolean {
  return isConnectorError(error, "CONNECTOR_LOCKED") || isConnectorError(error, "DIRECT_FOLDER_LOCKED");
}

/** Dispatches runs, due or requested, and records their outcome in the schedule state. */
export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly dispatcher: RunDispatcher;
  /** The open run that was recorded before, by the dispatched run: another process may be working on it. */
  readonly #displaced = new Map<string, OpenRun | null>();

  constructor(options: RunQueueOptions) {
    this.#options = options;
    this.dispatcher = new RunDispatcher({
      run: options.run,
      clock: options.clock,
      maxConcurrentConnectors: options.maxConcurrentConnectors,
      settled: (settled) => this.#settle(settled),
    });
  }

  /** Runs or skips every due connector. */
  serveDue(): void {
    const { table } = this.#options;
    // Planning the next due time takes longer than starting a run; other due connectors must not wait for it.
    const served = table.due().map((entry) => ({ entry, outcome: this.#serve(entry) }));
    for (const { entry, outcome } of served) table.advance(entry.state.connectorId, outcome);
    if (table.hasUnsaved) table.saveBehind();
  }

  /** Runs a connector on request; it must have no active run. Returns the id of the run. */
  request(connectorId: string, wish: RunWish): string {
    const runId = this.#launch({ connectorId, trigger: "api", wish, latenessMs: null });
    this.#options.table.saveBehind();
    return runId;
  }

  /** Withdraws a queued run. A pause keeps a run that was requested. */
  withdraw(connectorId: string, reason: "paused" | "removed"): void {
    const active = this.dispatcher.get(connectorId);
    if (active === undefined || (reason === "paused" && active.request.trigger === "api")) return;
    if (this.dispatcher.withdraw(connectorId)) this.skipped(active.request, reason, active.queuedAt);
  }

  /** Cancels the queued or active run. Returns its id; undefined when there is none. */
  cancel(connectorId: string): string | undefined {
    return this.dispatcher.cancel(connectorId)?.request.runId;
  }

  /** The outcome of a run that was handed out and has not begun. */
  skipped(request: RunRequest, reason: SkipReason, dueAt: number): void {
    const { connectorId } = request;
    this.#giveUp(request);
    this.#options.events.emit("schedule:skip", { connectorId, reason, dueAt });
  }

  /** The outcome of a run without a record. */
  failed({ connectorId, runId, trigger }: RunRequest, error: ConnectorError): void {
    const { table, clock, events } = this.#options;
    const outcome = isConnectorError(error, "CANCELLED") ? "cancelled" : "failed";
    table.endRun(connectorId, { runId, trigger, endedAt: clock.now(), outcome });
    events.emit("schedule:run-failed", { connectorId, runId, error });
  }

  /** Nobody shares this work. */
  async join(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  /** Runs begin when they are handed out. */
  start(): void {}

  /** The next due time, also one that has come and is not served yet. */
  earliest(): number | null {
    return this.#options.table.earliest();
  }

  /** A lower limit applies to runs that start from now on. */
  setMaxConcurrent(maxConcurrentConnectors: number): void {
    this.dispatcher.setMaxConcurrent(maxConcurrentConnectors);
  }

  /** Lets active runs end and starts no others. */
  drain(): Promise<void> {
    return this.dispatcher.drain();
  }

  #launch({ connectorId, trigger, wish, latenessMs }: Launch): string {
    const { clock, events, newRunId, table } = this.#options;
    const now = clock.now();
    const runId = newRunId(now);
    if (!isComparison(wish)) {
      this.#displaced.set(runId, table.get(connectorId)?.state.openRun ?? null);
      table.openRun(connectorId, { runId, trigger, at: now });
    }
    events.emit("schedule:dispatch", { connectorId, runId, trigger, latenessMs });
    this.dispatcher.submit({ runId, connectorId, trigger, wish });
    return runId;
  }

  #serve({ schedule, state }: Entry): "served" | "skipped" {
    const { connectorId } = state;
    const now = this.#options.clock.now();
    const dueAt = state.dueAt ?? now;
    const decision = decideDue(schedule, state, now, this.dispatcher.get(connectorId) !== undefined);
    if (decision.kind === "skip") {
      this.#options.events.emit("schedule:skip", { connectorId, reason: decision.reason, dueAt });
      return "skipped";
    }
    const latenessMs = decision.trigger === "schedule" ? now - dueAt : null;
    this.#launch({ connectorId, trigger: decision.trigger, wish: {}, latenessMs });
    return "served";
  }

  #giveUp({ connectorId, runId, wish }: Pick<RunRequest, "connectorId" | "runId" | "wish">): void {
    if (isComparison(wish)) return;
    this.#options.table.giveUpRun(connectorId, runId, this.#displaced.get(runId) ?? null);
    this.#displaced.delete(runId);
  }

  #settle(settled: Settled): void {
    const { request, result } = settled;
    const end = this.#endOf(settled);
    if (end === "left") this.#tellLeft(request, toConnectorError(result));
    if (!isComparison(request.wish) && end === "ended") this.#record(settled);
    this.#options.over?.(request, end);
  }

  #endOf({ result, shutDown }: Settled): RunEnd {
    if ((shutDown && wasCutShort(result)) || hasLostLease(result)) return "cut-short";
    const isShared = this.#options.over !== undefined;
    return isShared && isConnectorError(result, "DIRECT_FOLDER_LOCKED") ? "left" : "ended";
  }

  #tellLeft({ connectorId, runId }: RunRequest, error: ConnectorError): void {
    this.#options.events.emit("schedule:left", { connectorId, runId, error });
  }

  #record({ request, result }: Settled): void {
    const { table, clock } = this.#options;
    const { connectorId, runId, trigger } = request;
    if (result instanceof ConnectorError) this.#settleWithoutRecord(request, result);
    else if (result !== null) {
      const endedAt = result.endedAt ?? clock.now();
      table.endRun(connectorId, { runId, trigger, endedAt, outcome: result.outcome });
    }
    this.#displaced.delete(runId);
    table.saveBehind();
    if (result !== null && !(result instanceof ConnectorError))
      this.#options.events.emit("schedule:run-ended", { record: result });
  }

  #settleWithoutRecord(request: RunRequest, error: ConnectorError): void {
    // Another process is running the connector, perhaps the command line, or works on its folder.
    if (request.trigger !== "api" && isHeldByOthers(error))
      this.skipped(request, "overlap", this.#options.clock.now());
    else this.failed(request, error);
  }
}

/** Serves no due time, and is not resumed by the next start: the schedule does not know of it. */
export function isComparison({ reconcile }: RunWish): boolean {
  return reconcile !== undefined;
}

/** Another process has gone on with it. */
function hasLostLease(result: Settled["result"]): boolean {
  if (result instanceof ConnectorError) return isConnectorError(result, "CONNECTOR_LEASE_LOST");
  return result?.errors.some(({ code }) => code === "CONNECTOR_LEASE_LOST") ?? false;
}

function wasCutShort(result: Settled["result"]): boolean {
  return result instanceof ConnectorError
    ? isConnectorError(result, "CANCELLED")
    : result?.outcome === "cancelled";
}
