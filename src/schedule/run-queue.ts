import type { RunRecord } from "../domain/run-record.ts";
import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { OpenRun } from "../state/schedule-state.ts";
import type { SchedulerEvents } from "./events.ts";
import { decideDue } from "./planning.ts";
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
}

interface Launch {
  connectorId: string;
  trigger: RunRecord["trigger"];
  wish: RunWish;
  /** How late the run was dispatched; null when it had no due time. Milliseconds. */
  latenessMs: number | null;
}

/** The run could not begin because of another process. */
const heldByOthers = ["CONNECTOR_LOCKED", "DIRECT_FOLDER_LOCKED"] as const;

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

  /** Returns the id of the run. The connector must have no active one. */
  launch({ connectorId, trigger, wish, latenessMs }: Launch): string {
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

  /** Withdraws a queued run. A pause keeps a run that was requested. */
  withdraw(connectorId: string, reason: "paused" | "removed"): void {
    const active = this.dispatcher.get(connectorId);
    if (active === undefined || (reason === "paused" && active.request.trigger === "api")) return;
    if (!this.dispatcher.withdraw(connectorId)) return;
    this.#giveUp(active.request);
    this.#options.events.emit("schedule:skip", { connectorId, reason, dueAt: active.queuedAt });
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
    this.launch({ connectorId, trigger: decision.trigger, wish: {}, latenessMs });
    return "served";
  }

  #giveUp({ connectorId, runId, wish }: Pick<RunRequest, "connectorId" | "runId" | "wish">): void {
    if (isComparison(wish)) return;
    this.#options.table.giveUpRun(connectorId, runId, this.#displaced.get(runId) ?? null);
    this.#displaced.delete(runId);
  }

  #settle({ request, result, shutDown }: Settled): void {
    const { table, clock } = this.#options;
    const { connectorId, runId, trigger, wish } = request;
    if (isComparison(wish) || (shutDown && wasCutShort(result))) return;
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

  #settleWithoutRecord(
    { connectorId, runId, trigger, wish }: Settled["request"],
    error: ConnectorError,
  ): void {
    const { table, clock, events } = this.#options;
    if (trigger !== "api" && heldByOthers.some((code) => isConnectorError(error, code))) {
      // Another process is running the connector, perhaps the command line, or works on its folder.
      this.#giveUp({ connectorId, runId, wish });
      events.emit("schedule:skip", { connectorId, reason: "overlap", dueAt: clock.now() });
      return;
    }
    const outcome = isConnectorError(error, "CANCELLED") ? "cancelled" : "failed";
    table.endRun(connectorId, { runId, trigger, endedAt: clock.now(), outcome });
    events.emit("schedule:run-failed", { connectorId, runId, error });
  }
}

/** Serves no due time, and is not resumed by the next start: the schedule does not know of it. */
function isComparison({ reconcile }: RunWish): boolean {
  return reconcile !== undefined;
}

function wasCutShort(result: Settled["result"]): boolean {
  return result instanceof ConnectorError
    ? isConnectorError(result, "CANCELLED")
    : result?.outcome === "cancelled";
}
