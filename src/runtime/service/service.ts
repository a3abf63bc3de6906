import type { Writable } from "node:stream";
import type { ConfigManager } from "../../config/config-manager.ts";
import { InFlightCalls } from "../../kernel/http/in-flight-calls.ts";
import { within } from "../../kernel/tracing/span.ts";
import { type Clock, systemClock } from "../../kernel/util/clock.ts";
import { closeAll } from "../../kernel/util/run-together.ts";
import { composeHealth, type HealthReport } from "../../observe/health.ts";
import { type MetricsServer, startMetricsServer } from "../../observe/metrics-server.ts";
import { probeState } from "../../observe/state-probe.ts";
import { RemoteRunControl } from "../../schedule/remote-run-control.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { RunConnector } from "../../schedule/run-dispatcher.ts";
import { SchedulerService } from "../../schedule/scheduler-service.ts";
import { closeInterrupted } from "../../sync/reconcile/record-reconciliation.ts";
import { newRunId } from "../../sync/run-options.ts";
import { version } from "../../version.ts";
import type { App } from "../app.ts";
import { alignSchedules, scheduledConnectors } from "./align-schedules.ts";
import { AppLog } from "./app-log.ts";
import { workInBackground } from "./background-work.ts";
import { cancelUnresponsive } from "./cancel-unresponsive-runs.ts";
import { continueBackfills } from "./continue-backfills.ts";
import { followOthers, toldControl } from "./follow-others.ts";
import { SourceHints } from "./follow-sources.ts";
import { Notifications } from "./notifications.ts";
import { Observation } from "./observation.ts";
import { warnOfOtherSchedulers } from "./other-schedulers.ts";
import { Reloader } from "./reloader.ts";
import { runRequest } from "./run-request.ts";

/** Time limit for sending messages on stop; the rest is sent after the next start. Milliseconds. */
const flushMs = 1000;

export interface ServiceOptions {
  manager: ConfigManager;
  app: App;
  /** False when another process schedules. */
  schedules: boolean;
  /** Target of console logs. */
  console: Writable;
  /** Whether they may use colours. */
  colours?: boolean;
  /** Whether the console is a terminal. */
  isTerminal?: boolean;
  clock?: Clock;
}

/** The service behind `serve` without the API: scheduler, logs, metrics, reloads, health and shutdown. */
export class Service {
  readonly app: App;
  readonly observation: Observation;
  readonly scheduler: SchedulerService | null;
  readonly reloader: Reloader;
  readonly #manager: ConfigManager;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #stopping = new AbortController();
  #metricsServer: MetricsServer | null = null;
  #notifications: Notifications | null = null;
  readonly #remote: RemoteRunControl;
  readonly #hints = new SourceHints();
  /** Calls of the active runs, by connector. */
  readonly #calls = new Map<string, InFlightCalls>();
  #background: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;
  #configChanged: () => void = () => undefined;

  constructor({
    manager,
    app,
    schedules,
    console,
    colours = false,
    isTerminal = false,
    clock = systemClock,
  }: ServiceOptions) {
    this.#manager = manager;
    this.app = app;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.observation = new Observation(
      new AppLog({ app, clock, console, colours, isTerminal, consoleByDefault: true }),
      app,
      clock,
    );
    this.scheduler = schedules ? this.#makeScheduler() : null;
    const added = () => app.relay.changed("requests");
    this.#remote = new RemoteRunControl({ store: app.state.scheduleRequests, clock, added });
    this.reloader = new Reloader({
      manager,
      app,
      scheduler: this.scheduler,
      log: this.observation.logs.service,
      apply: () => this.#follow(),
    });
  }

  /**
   * Starts to serve due times; an abort of the signal ends the start at its next step. Throws `PORT_UNAVAILABLE`,
   * `SCHEDULE_INVALID` and the state store's errors.
   */
  async start(signal: AbortSignal): Promise<void> {
    for (const problem of this.app.connectors.problems) this.observation.logs.service.error(problem);
    const steps = [
      () => this.#joinOthers(),
      () => this.#startMetrics(),
      () => this.#startNotifications(),
      () => this.#startSchedules(),
      () => this.reloader.start(),
    ];
    for (const step of steps) if (!signal.aborted) await step();
  }

  /** Address of the metrics server; null without one. */
  get metricsUrl(): string | null {
    return this.#metricsServer?.url ?? null;
  }

  /** The control of the scheduler, in this process or in another one on the same state. */
  get control(): RunControl {
    return this.scheduler === null ? this.#remote : toldControl(this.scheduler, this.app.relay);
  }

  /** Has a connector run soon, because its source is said to have changed; once, however often it is said. */
  async sourceChanged(connectorId: string, memoryId: string | null): Promise<void> {
    if (this.scheduler === null) await this.#remote.hint(connectorId, memoryId);
    else this.#hints.add(connectorId, memoryId);
  }

  /** Health of the service, also while it shuts down. */
  get isAlive(): boolean {
    return this.isStopping || (this.scheduler?.vitals().alive ?? true);
  }

  get isStopping(): boolean {
    return this.#stopped !== null;
  }

  /** Aligns scheduler and log, here and in the other processes on this state, after connectors were created, changed or removed. */
  async connectorsChanged(): Promise<void> {
    this.app.relay.changed("connectors");
    await this.#takeConnectors();
  }

  async health(): Promise<HealthReport> {
    return composeHealth({
      version,
      uptimeMs: this.#clock.monotonic() - this.#startedAt,
      activeJobs: this.scheduler?.vitals().running ?? 0,
      stateProblem: await probeState(this.app.state, this.#clock),
      schedulerAlive: this.scheduler?.vitals().alive ?? null,
      circuits: this.app.circuits(),
      reloadProblem: this.reloader.problem,
      lastError: this.observation.lastError.get(),
    });
  }

  /**
   * Starts no further run and waits for the active ones, at most `advanced.shutdown_timeout`; after that, on a second call, or when
   * their servers do not respond, cancels them. They are resumed at the next start.
   */
  stop(): Promise<void> {
    if (this.#stopped !== null) void this.scheduler?.stop();
    this.#stopped ??= this.#drain();
    return this.#stopped;
  }

  /** Releases everything but the app. To be called after `stop`. */
  async close(): Promise<void> {
    await this.#background;
    await this.#notifications?.flush(flushMs);
    await this.#notifications?.close();
    const metricsServer = this.#metricsServer === null ? [] : [this.#metricsServer];
    await closeAll([...metricsServer, this.observation]);
  }

  /** Calls the listener after each reload that changed something. */
  onConfigChange(listener: () => void): void {
    this.#configChanged = listener;
  }

  async #joinOthers(): Promise<void> {
    const { app, scheduler, observation } = this;
    const connectors = () => this.#refreshConnectors();
    const schedules = async () => scheduler?.refresh();
    const runs = async () => scheduler?.takeLeftOver();
    const takeUp = { connectors, schedules, runs };
    followOthers({ relay: app.relay, takeUp, log: observation.logs.service });
    await app.relay.start();
  }

  async #refreshConnectors(): Promise<void> {
    await this.app.connectors.refresh();
    await this.#takeConnectors();
  }

  async #takeConnectors(): Promise<void> {
    this.#follow();
    if (this.scheduler !== null) await alignSchedules(this.scheduler, this.app.connectors.configs());
    await this.app.releaseUnused();
  }

  /** Only the process that runs connectors opens the port: it is the one to measure, and two processes could not share it. */
  async #startMetrics(): Promise<void> {
    if (this.scheduler === null) return;
    const { host, allowedHosts, maxConnections } = this.#manager.config.api;
    const { enabled, port, path } = this.#manager.config.monitoring.prometheus;
    const { metrics } = this.observation;
    const limits = { allowedHosts, maxConnections };
    if (enabled) this.#metricsServer = await startMetricsServer({ host, port, path, metrics, ...limits });
  }

  async #startNotifications(): Promise<void> {
    this.#notifications = await Notifications.start(this.app, this.#clock);
    this.#notifications.watchTime();
  }

  async #startSchedules(): Promise<void> {
    if (this.scheduler === null) return;
    const { state, events } = this.app;
    for (const { id } of this.app.connectors.configs())
      await closeInterrupted({ state, events, clock: this.#clock }, id);
    const log = this.observation.logs.service;
    await warnOfOtherSchedulers(state, log);
    continueBackfills({ state, events, scheduler: this.scheduler, clock: this.#clock, log });
    await this.scheduler.start(scheduledConnectors(this.app.connectors.configs()));
    this.#background = this.#workInBackground(this.scheduler);
  }

  #follow(): void {
    this.observation.follow();
    this.#notifications?.follow();
    this.#configChanged();
  }

  async #drain(): Promise<void> {
    this.#stopping.abort();
    await this.reloader.stop();
    if (this.scheduler === null) return;
    const drained = new AbortController();
    const { shutdownTimeoutMs } = this.#manager.config.advanced;
    const tooLate = this.#clock.sleep(shutdownTimeoutMs, drained.signal).then(
      () => void this.scheduler?.stop(),
      () => undefined,
    );
    const cutShort = (connectorId: string) => this.scheduler?.cutShort(connectorId);
    const stalled = cancelUnresponsive({ calls: this.#calls, cutShort, clock: this.#clock }, drained.signal);
    await this.scheduler.stop().finally(() => drained.abort());
    await Promise.all([tooLate, stalled]);
  }

  #makeScheduler(): SchedulerService {
    const { state } = this.app;
    const { sharedRuns: shared } = state;
    const scheduler = new SchedulerService({
      run: this.#run,
      store: state,
      sharing: shared && {
        shared,
        recordOf: (runId) => state.getRun(runId),
        leftOver: () => this.app.relay.changed("runs"),
      },
      clock: this.#clock,
      events: this.app.events,
      maxConcurrentConnectors: this.#manager.config.advanced.maxConcurrentConnectors,
      random: Math.random,
      newRunId,
    });
    this.observation.watchScheduler(scheduler);
    return scheduler;
  }

  readonly #run: RunConnector = async (request, signal) => {
    const { connectorId } = request;
    const calls = new InFlightCalls(this.#clock);
    this.#calls.set(connectorId, calls);
    // Whatever has made room for it, a request to the API or the end of another run: it is a trace of its own.
    return within(this.observation.tracer, () =>
      calls.during(() => runRequest(this.app, request, signal)),
    ).finally(() => this.#calls.delete(connectorId));
  };

  #workInBackground(scheduler: SchedulerService): Promise<void> {
    const { app, observation } = this;
    const log = observation.logs.service;
    const options = {
      app,
      manager: this.#manager,
      control: toldControl(scheduler, app.relay),
      hints: this.#hints,
      refresh: () => this.#refreshConnectors(),
      isPaused: (connectorId: string) => scheduler.status(connectorId).state.pausedAt !== null,
      clock: this.#clock,
      log,
    };
    return within(observation.tracer, () => workInBackground(options, this.#stopping.signal));
  }
}
