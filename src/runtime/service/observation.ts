import type { Clock } from "../../kernel/util/clock.ts";
import { countConnections, countRuns, countSchedules } from "../../observe/count-events.ts";
import { LastErrorWatch } from "../../observe/last-error.ts";
import { LedgerGauges } from "../../observe/ledger-gauges.ts";
import type { Logs } from "../../observe/logs.ts";
import { Metrics } from "../../observe/metrics.ts";
import { countNotifications } from "../../observe/notification-observers.ts";
import { circuitGauges, vitalGauges } from "../../observe/scrape-gauges.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";
import { version } from "../../version.ts";
import type { App } from "../app.ts";
import type { AppLog } from "./app-log.ts";

/** Logs, metrics and the last error of a service: the passive listeners. */
export class Observation {
  readonly logs: Logs;
  readonly metrics = new Metrics();
  readonly lastError: LastErrorWatch;
  readonly #log: AppLog;

  constructor(log: AppLog, app: App, clock: Clock) {
    const { events } = app;
    this.#log = log;
    this.logs = log.logs;
    this.lastError = new LastErrorWatch(events, clock);
    countRuns(events, this.metrics);
    countSchedules(events, this.metrics);
    countConnections(events, this.metrics);
    countNotifications(events, this.metrics);
    const connectors = () => app.connectors.configs();
    const { metrics } = this;
    metrics.addSource(new LedgerGauges({ metrics, state: app.state, clock, connectors }, events));
    metrics.addSource(circuitGauges(metrics, () => app.circuits()));
    metrics.buildInfo.set({ version }, 1);
    metrics.addProcessMetrics();
  }

  watchScheduler(scheduler: SchedulerService): void {
    this.metrics.addSource(vitalGauges({ metrics: this.metrics, scheduler, logs: this.logs }));
  }

  /** To be called after a change of the configuration or of a connector. */
  follow(): void {
    this.#log.follow();
  }
}
