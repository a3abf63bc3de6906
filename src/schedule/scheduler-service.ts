import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { cronProblem } from "../kernel/util/cron.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import { ClockWatch } from "./clock-watch.ts";
import type { SchedulerEvents } from "./events.ts";
import type { RunControl } from "./run-control.ts";
import type { ActiveRun, RunConnector } from "./run-dispatcher.ts";
import { RunQueue } from "./run-queue.ts";
import type { Schedule, ScheduledConnector } from "./schedule.ts";
import { SharedRunQueue, type SharedRunQueueOptions } from "./shared-run-queue.ts";
import { Ticker } from "./ticker.ts";
import { type Entry, Timetable } from "./timetable.ts";

export interface SchedulerOptions {
  run: RunConnector;
  store: ScheduleStore;
  clock: Clock;
  events: Emitter<SchedulerEvents>;
  /** Concurrency limit of runs; others queue in the order in which they fell due. */
  maxConcurrentConnectors: number;
  /** In [0, 1); for jitter. */
  random: () => number;
  /** Id of a run that begins now. */
  newRunId: (now: number) => string;
  /** The work that other processes on the same store share with this one; left out, this one keeps its own to itself. */
  sharing?: Pick<SharedRunQueueOptions, "shared" | "recordOf" | "leftOver"> | null;
}

/** The schedule of a connector and its state. */
export interface ScheduleStatus {
  schedule: Schedule;
  state: Readonly<ScheduleState>;
  /** The queued or active run. */
  activeRun: ActiveRun | null;
}

/** Health of the scheduler. */
export interface SchedulerVitals {
  /** False when it was not started, was stopped, or has not ticked for several heartbeats. */
  alive: boolean;
  running: number;
  queued: number;
}

/** Longest interval between two ticks. Milliseconds. */
const heartbeatMs = 5000;

/**
 * Runs connectors when they are due. Pure functions compute due times (`planning.ts`, `schedule.ts`), the schedule repository stores
 * them, the run queue dispatches the runs; this class connects them to the clock and to requests.
 *
 * A due time is served at least once: it counts as served when its run has ended, and a run that a crash or a shutdown interrupted
 * is resumed at the next start. A requested change is durable when the call resolves; when the store fails, the call rejects, and
 * the change applies in memory until a later write succeeds. An unknown connector is `CONNECTOR_UNKNOWN`.
 */
export class SchedulerService implements RunControl {
  readonly #clock: Clock;
  readonly #events: Emitter<SchedulerEvents>;
  readonly #table: Timetable;
  readonly #runQueue: RunQueue | SharedRunQueue;
  readonly #ticker: Ticker;
  readonly #watch: ClockWatch;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #started = false;
  #stopped: Promise<void> | null = null;

  constructor(options: SchedulerOptions) {
    const { clock, events, store, random } = options;
    this.#clock = clock;
    this.#events = events;
    this.#watch = new ClockWatch(clock);
    this.#table = new Timetable({ store, events, moment: () => ({ now: clock.now(), random }) });
    const queueOptions = { ...options, table: this.#table };
    const moved = () => this.#ticker.wakeBy(this.#runQueue.earliest());
    this.#runQueue = options.sharing
      ? new SharedRunQueue({ ...queueOptions, ...options.sharing, moved })
      : new RunQueue(queueOptions);
    this.#ticker = new Ticker({
      clock,
      heartbeatMs,
      earliest: () => this.#runQueue.earliest(),
      tick: () => this.#tick(),
      onFailure: (error) => events.emit("schedule:failed", { error: toConnectorError(error) }),
    });
  }

  /** Resumes the state of an earlier process and starts to serve due times. Throws `SCHEDULE_INVALID`. */
  async start(connectors: readonly ScheduledConnector[]): Promise<void> {
    for (const connector of connectors) this.#requireValid(connector);
    await this.#table.load(connectors, () => this.#runQueue.join());
    this.#started = true;
    this.#ticker.start();
    this.#runQueue.start();
  }

  /**
   * The first call lets active runs end and starts no others; a second call cancels them. Both resolve when no run is active and
   * all changes are durable. Queued and interrupted runs are resumed at the next start.
   */
  stop(): Promise<void> {
    if (this.#stopped !== null) this.#runQueue.dispatcher.cutShort();
    this.#stopped ??= this.#drain();
    return this.#stopped;
  }

  /** During a stop, stops waiting for this connector's run; the next start resumes it. */
  cutShort(connectorId: string): void {
    this.#runQueue.dispatcher.cutShort(connectorId);
  }

  /** Adds or changes a connector; a due time that the change does not affect is kept. Throws `SCHEDULE_INVALID`. */
  async put(connector: ScheduledConnector): Promise<void> {
    this.#requireValid(connector);
    const change = this.#table.put(connector);
    await this.#changed(connector.connectorId, change);
  }

  /** Removes its due times and its queued run; an active run continues. With `forget`, its pause and last run are deleted too. */
  async remove(connectorId: string, { forget = false } = {}): Promise<void> {
    this.#known(connectorId);
    await this.#runQueue.withdraw(connectorId, "removed");
    this.#table.remove(connectorId);
    await this.#changed(connectorId, "removed");
    if (forget) await this.#table.forget(connectorId);
  }

  /** Suspends due times until `resume`, across restarts. An active run continues, and `trigger` still works. */
  async pause(connectorId: string, note?: string): Promise<void> {
    await this.#table.refresh();
    if (this.#known(connectorId).state.pausedAt !== null && note === undefined) return;
    await this.#runQueue.withdraw(connectorId, "paused");
    this.#table.pause(connectorId, note);
    await this.#changed(connectorId, "paused");
  }

  /** Due times missed during the pause are not caught up. */
  async resume(connectorId: string): Promise<void> {
    await this.#table.refresh();
    if (this.#known(connectorId).state.pausedAt === null) return;
    this.#table.resume(connectorId);
    await this.#changed(connectorId, "resumed");
  }

  /** Runs a connector now, paused or not. Returns the id of the run; throws `RUN_ACTIVE` or `SCHEDULER_STOPPED`. */
  trigger(connectorId: string, wish: RunWish = {}): string | Promise<string> {
    this.#known(connectorId);
    if (!this.#started || this.#stopped !== null) {
      throw new ConnectorError("SCHEDULER_STOPPED", "the scheduler starts no runs at present");
    }
    const active = this.#runQueue.dispatcher.get(connectorId);
    if (active !== undefined) {
      const { runId } = active.request;
      throw new ConnectorError("RUN_ACTIVE", `run ${runId} of connector "${connectorId}" has not ended`, {
        subject: runId,
      });
    }
    return this.#runQueue.request(connectorId, wish);
  }

  /** Cancels the queued or active run. Returns its id; throws `RUN_NOT_ACTIVE`. */
  cancel(connectorId: string): string | Promise<string> {
    this.#known(connectorId);
    const cancelled = this.#runQueue.cancel(connectorId);
    if (cancelled instanceof Promise) return cancelled.then((runId) => runId ?? noRunToCancel(connectorId));
    return cancelled ?? noRunToCancel(connectorId);
  }

  status(connectorId: string): ScheduleStatus {
    return this.#withActiveRun(this.#known(connectorId));
  }

  /** Its queued or active run; null for none, and for a connector that is not scheduled here. */
  activeRun(connectorId: string): ActiveRun | null {
    return this.#runQueue.dispatcher.get(connectorId) ?? null;
  }

  list(): ScheduleStatus[] {
    return Array.from(this.#table.entries(), (entry) => this.#withActiveRun(entry));
  }

  /** Takes up now what another process on the same store has paused, resumed or served. Throws the store's errors. */
  async refresh(): Promise<void> {
    await this.#table.refresh();
    this.#ticker.wakeBy(this.#table.earliest());
  }

  /** Takes now what another process on the same store has handed out and has no room for. */
  takeLeftOver(): void {
    if (this.#started && this.#runQueue instanceof SharedRunQueue) this.#runQueue.takeLeftOver();
  }

  vitals(): SchedulerVitals {
    const { runningCount, queuedCount } = this.#runQueue.dispatcher;
    const ticking = this.#started && this.#stopped === null && this.#ticker.idleMs() < 4 * heartbeatMs;
    return { alive: ticking, running: runningCount, queued: queuedCount };
  }

  /** Active runs continue, even above the new limit. */
  setMaxConcurrent(maxConcurrentConnectors: number): void {
    this.#runQueue.setMaxConcurrent(maxConcurrentConnectors);
  }

  #tick(): void {
    const jumpMs = this.#watch.measureJump();
    if (jumpMs !== 0) this.#events.emit("schedule:clock-jump", { byMs: jumpMs });
    if (jumpMs < 0) this.#table.setBack(-jumpMs);
    this.#runQueue.serveDue();
    this.#refresh();
  }

  /** For the next tick: another process on the same store may have paused, resumed or served. */
  #refresh(): void {
    const now = this.#clock.monotonic();
    if (now - this.#refreshedAt < heartbeatMs) return;
    this.#refreshedAt = now;
    this.#table.refreshBehind();
  }

  async #drain(): Promise<void> {
    await this.#ticker.stop();
    await this.#runQueue.drain();
    await this.#table.save();
  }

  async #changed(connectorId: string, change: SchedulerEvents["schedule:change"]["change"]): Promise<void> {
    this.#events.emit("schedule:change", { connectorId, change });
    this.#ticker.wakeBy(this.#table.earliest());
    await this.#table.save();
  }

  #known(connectorId: string): Entry {
    const entry = this.#table.get(connectorId);
    if (entry !== undefined) return entry;
    throw new ConnectorError("CONNECTOR_UNKNOWN", `there is no connector "${connectorId}"`, {
      subject: connectorId,
    });
  }

  #withActiveRun({ schedule, state }: Entry): ScheduleStatus {
    const activeRun = this.#runQueue.dispatcher.get(state.connectorId) ?? null;
    return { schedule, state, activeRun };
  }

  #requireValid({ connectorId, schedule }: ScheduledConnector): void {
    if (schedule.type !== "cron") return;
    const problem = cronProblem(schedule.cron, schedule.timezone, this.#clock.now());
    if (problem === null) return;
    throw new ConnectorError("SCHEDULE_INVALID", `connector "${connectorId}": ${problem}`, {
      subject: connectorId,
    });
  }
}

function noRunToCancel(connectorId: string): never {
  throw new ConnectorError("RUN_NOT_ACTIVE", `connector "${connectorId}" has no run to cancel`, {
    subject: connectorId,
  });
}
