import type { Writable } from "node:stream";
import type { App } from "../app.ts";
import { secretsOf } from "../config/mask-secrets.ts";
import { circuitGauges } from "../observe/circuits.ts";
import { countConnections, countRuns, countSchedules } from "../observe/count-events.ts";
import { LastErrorWatch } from "../observe/last-error.ts";
import { LedgerGauges } from "../observe/ledger-gauges.ts";
import { logConnections, logRuns, logSchedules } from "../observe/log-events.ts";
import { Logs } from "../observe/logs.ts";
import { Metrics } from "../observe/metrics.ts";
import { SecretMask } from "../observe/secret-mask.ts";
import { countNotifications, logNotifications } from "../observe/tell-notifications.ts";
import { vitalGauges } from "../observe/vital-gauges.ts";
import type { SchedulerService } from "../schedule/scheduler-service.ts";
import type { Clock } from "../util/clock.ts";
import { version } from "../version.ts";

/** Logs, metrics and the last error of a service: everything that only listens. */
export class Observation {
  readonly logs: Logs;
  readonly metrics = new Metrics();
  readonly lastError: LastErrorWatch;
  private readonly app: App;
  private readonly mask = new SecretMask();

  constructor(app: App, clock: Clock, console: Writable) {
    const { events } = app;
    this.app = app;
    this.maskSecrets();
    this.logs = new Logs({ settings: app.config.logging, console, clock, mask: this.mask });
    this.lastError = new LastErrorWatch(events, clock);
    logRuns(events, this.logs.of("orchestrator"));
    logSchedules(events, this.logs.of("scheduler"));
    logConnections(events, this.logs.of("apiClient"));
    countRuns(events, this.metrics);
    countSchedules(events, this.metrics);
    countConnections(events, this.metrics);
    logNotifications(events, this.logs.service);
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

  /** The configuration or a connector has changed. */
  follow(): void {
    this.maskSecrets();
    this.logs.setLevels(this.app.config.logging);
  }

  private maskSecrets(): void {
    this.mask.set(secretsOf({ config: this.app.config, made: this.app.connectors.configs() }));
  }
}
