import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { cronProblem } from "../kernel/util/cron.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import { ClockWatch } from "./clock-watch.ts";
import type { SchedulerEvents } from "./events.ts";
import { Launcher } from "./launcher.ts";
import type { RunControl } from "./run-control.ts";
import type { ActiveRun, RunConnector } from "./run-dispatcher.ts";
import type { Schedule, ScheduledConnector } from "./schedule.ts";
import { type Entry, ScheduleTable } from "./schedule-table.ts";
import { Ticker } from "./ticker.ts";

export interface SchedulerOptions {
  run: RunConnector;
  store: ScheduleStore;
  clock: Clock;
  events: Emitter<SchedulerEvents>;
  /** Runs that may be under way at once; others wait in the order in which they fell due. */
  maxConcurrentConnectors: number;
  /** In [0, 1); for jitter. */
  random: () => number;
  /** Of a run that begins at this moment. */
  newRunId: (now: number) => string;
}

/** Where a connector's schedule stands. */
export interface ScheduleStatus {
  schedule: Schedule;
  state: Readonly<ScheduleState>;
  /** The run that is queued or under way. */
  activeRun: ActiveRun | null;
}

/** Whether the scheduler does its work. */
export interface SchedulerVitals {
  /** False when it was not started, was stopped, or has not looked at the clock for several heartbeats. */
  alive: boolean;
  running: number;
  queued: number;
}

/** The scheduler looks at the clock at least so often. Milliseconds. */
const heartbeatMs = 5000;

/**
 * Runs connectors when they are due. Pure functions decide what is due when (`planning.ts`, `trigger.ts`), the table holds it, the
 * launcher hands out the runs; this class joins them to the clock and to people's wishes.
 *
 * A due time is served at least once: it counts as served when its run has ended, and a run that a crash or a shutdown cut short is
 * taken up at the next start. What a person changes is durable when the call resolves; when the store fails, the call rejects, and the
 * change holds in memory until a later write succeeds. A connector that is not there is `CONNECTOR_UNKNOWN`.
 */
export class SchedulerService implements RunControl {
  private readonly clock: Clock;
  private readonly events: Emitter<SchedulerEvents>;
  private readonly table: ScheduleTable;
  private readonly launcher: Launcher;
  private readonly ticker: Ticker;
  private readonly watch: ClockWatch;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private started = false;
  private stopped: Promise<void> | null = null;

  constructor(options: SchedulerOptions) {
    const { clock, events, store, random } = options;
    this.clock = clock;
    this.events = events;
    this.watch = new ClockWatch(clock);
    this.table = new ScheduleTable({ store, events, moment: () => ({ now: clock.now(), random }) });
    this.launcher = new Launcher({ ...options, table: this.table });
    this.ticker = new Ticker({
      clock,
      heartbeatMs,
      earliest: () => this.table.earliest(),
      tick: () => this.tick(),
      onFailure: (error) => events.emit("schedule:failed", { error: toConnectorError(error) }),
    });
  }

  /** Takes up what an earlier process left and begins to serve due times. Throws `SCHEDULE_INVALID`. */
  async start(connectors: readonly ScheduledConnector[]): Promise<void> {
    for (const connector of connectors) this.requireValid(connector);
    await this.table.load(connectors);
    this.started = true;
    this.ticker.start();
  }

  /**
   * The first call lets runs that are under way end and starts no other; a second call cancels them. Both resolve when nothing is
   * under way and all is durable. What was queued or cut short is taken up at the next start.
   */
  stop(): Promise<void> {
    if (this.stopped !== null) this.launcher.dispatcher.cutShort();
    this.stopped ??= this.drain();
    return this.stopped;
  }

  /** In a stop, does not wait for this connector's run any longer; the next start takes it up. */
  cutShort(connectorId: string): void {
    this.launcher.dispatcher.cutShort(connectorId);
  }

  /** Adds a connector, or changes one; a due time that the change leaves alone stays. Throws `SCHEDULE_INVALID`. */
  async put(connector: ScheduledConnector): Promise<void> {
    this.requireValid(connector);
    const change = this.table.put(connector);
    await this.changed(connector.connectorId, change);
  }

  /** No further due times and no queued run; a run that is under way goes on. With `forget`, its pause and last run are forgotten too. */
  async remove(connectorId: string, { forget = false } = {}): Promise<void> {
    this.known(connectorId);
    this.launcher.withdraw(connectorId, "removed");
    this.table.remove(connectorId);
    await this.changed(connectorId, "removed");
    if (forget) await this.table.forget(connectorId);
  }

  /** No due times until `resume`, over restarts too. A run that is under way goes on, and `trigger` still works. */
  async pause(connectorId: string): Promise<void> {
    await this.table.refresh();
    if (this.known(connectorId).state.pausedAt !== null) return;
    this.launcher.withdraw(connectorId, "paused");
    this.table.pause(connectorId);
    await this.changed(connectorId, "paused");
  }

  /** Due times that passed during the pause are not made up for. */
  async resume(connectorId: string): Promise<void> {
    await this.table.refresh();
    if (this.known(connectorId).state.pausedAt === null) return;
    this.table.resume(connectorId);
    await this.changed(connectorId, "resumed");
  }

  /** Runs a connector now, paused or not. Returns the id of the run; throws `RUN_ACTIVE` or `SCHEDULER_STOPPED`. */
  trigger(connectorId: string, { force = false } = {}): string {
    this.known(connectorId);
    if (!this.started || this.stopped !== null) {
      throw new ConnectorError("SCHEDULER_STOPPED", "the scheduler starts no runs at present");
    }
    const active = this.launcher.dispatcher.get(connectorId);
    if (active !== undefined) {
      const { runId } = active.request;
      throw new ConnectorError("RUN_ACTIVE", `run ${runId} of connector "${connectorId}" has not ended`, {
        subject: runId,
      });
    }
    const runId = this.launcher.launch({ connectorId, trigger: "api", force, latenessMs: null });
    this.table.saveBehind();
    return runId;
  }

  /** Cancels the run that is queued or under way. Returns its id; throws `RUN_NOT_ACTIVE`. */
  cancel(connectorId: string): string {
    this.known(connectorId);
    const active = this.launcher.dispatcher.cancel(connectorId);
    if (active !== undefined) return active.request.runId;
    throw new ConnectorError("RUN_NOT_ACTIVE", `connector "${connectorId}" has no run to cancel`, {
      subject: connectorId,
    });
  }

  status(connectorId: string): ScheduleStatus {
    return this.withActiveRun(this.known(connectorId));
  }

  list(): ScheduleStatus[] {
    return Array.from(this.table.entries(), (entry) => this.withActiveRun(entry));
  }

  vitals(): SchedulerVitals {
    const { runningCount, queuedCount } = this.launcher.dispatcher;
    const ticking = this.started && this.stopped === null && this.ticker.idleMs() < 4 * heartbeatMs;
    return { alive: ticking, running: runningCount, queued: queuedCount };
  }

  /** Runs that are under way go on, even when they are more than the new limit. */
  setMaxConcurrent(maxConcurrentConnectors: number): void {
    this.launcher.dispatcher.setMaxConcurrent(maxConcurrentConnectors);
  }

  private tick(): void {
    const jumpMs = this.watch.look();
    if (jumpMs !== 0) this.events.emit("schedule:clock-jump", { byMs: jumpMs });
    if (jumpMs < 0) this.table.setBack(-jumpMs);
    this.launcher.serveDue();
    this.refresh();
  }

  /** For the next beat: another process on the same store may have paused, resumed or served. */
  private refresh(): void {
    const now = this.clock.monotonic();
    if (now - this.refreshedAt < heartbeatMs) return;
    this.refreshedAt = now;
    this.table.refreshBehind();
  }

  private async drain(): Promise<void> {
    await this.ticker.stop();
    await this.launcher.dispatcher.drain();
    await this.table.save();
  }

  private async changed(
    connectorId: string,
    change: SchedulerEvents["schedule:change"]["change"],
  ): Promise<void> {
    this.events.emit("schedule:change", { connectorId, change });
    this.ticker.wakeBy(this.table.earliest());
    await this.table.save();
  }

  private known(connectorId: string): Entry {
    const entry = this.table.get(connectorId);
    if (entry !== undefined) return entry;
    throw new ConnectorError("CONNECTOR_UNKNOWN", `there is no connector "${connectorId}"`, {
      subject: connectorId,
    });
  }

  private withActiveRun({ schedule, state }: Entry): ScheduleStatus {
    const activeRun = this.launcher.dispatcher.get(state.connectorId) ?? null;
    return { schedule, state, activeRun };
  }

  private requireValid({ connectorId, schedule }: ScheduledConnector): void {
    if (schedule.type !== "cron") return;
    const problem = cronProblem(schedule.cron, schedule.timezone, this.clock.now());
    if (problem === null) return;
    throw new ConnectorError("SCHEDULE_INVALID", `connector "${connectorId}": ${problem}`, {
      subject: connectorId,
    });
  }
}
