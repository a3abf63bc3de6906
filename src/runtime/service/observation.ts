import type { RootTracer } from "../../kernel/tracing/span.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { LastErrorWatch } from "../../observe/last-error.ts";
import type { Logs } from "../../observe/logs.ts";
import type { Metrics } from "../../observe/metrics.ts";
import type { Telemetry } from "../../observe/otel/telemetry.ts";
import { sharingGauges, vitalGauges } from "../../observe/scrape-gauges.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";
import type { App } from "../app.ts";
import { metricsOf, openTelemetry } from "../telemetry.ts";
import type { AppLog } from "./app-log.ts";

/** How long a stop waits for the collector; less than what is left for tidying up. Milliseconds. */
const lastDeliveryMs = 2000;

/** Logs, metrics, traces and the last error of a service: the passive listeners. */
export class Observation {
  readonly logs: Logs;
  readonly metrics: Metrics;
  readonly lastError: LastErrorWatch;
  readonly #log: AppLog;
  readonly #app: App;
  readonly #clock: Clock;
  #telemetry: Telemetry | null = null;

  constructor(log: AppLog, app: App, clock: Clock) {
    this.#log = log;
    this.#app = app;
    this.#clock = clock;
    this.logs = log.logs;
    this.lastError = new LastErrorWatch(app.events, clock);
    this.metrics = metricsOf(app, clock);
  }

  watchScheduler(scheduler: SchedulerService): void {
    this.metrics.addSource(vitalGauges({ metrics: this.metrics, scheduler, logs: this.logs }));
    const { state } = this.#app;
    const { sharedRuns: shared } = state;
    if (shared === null) return;
    const schedulers = () => state.schedulers();
    this.metrics.addSource(sharingGauges({ metrics: this.metrics, shared, schedulers }));
  }

  /** Begins to send traces and metrics to a collector, if one is configured. Throws `CA_UNREADABLE`. */
  async startTelemetry(): Promise<void> {
    const { mask, logs } = this.#log;
    const tell = (level: "info" | "warn", message: string) => logs.service[level](message);
    const parts = { app: this.#app, metrics: this.metrics, mask, clock: this.#clock, tell };
    this.#telemetry = await openTelemetry(parts);
  }

  /** Null where no traces are sent. */
  get tracer(): RootTracer | null {
    return this.#telemetry?.tracer ?? null;
  }

  /** To be called after a change of the configuration or of a connector. */
  follow(): void {
    this.#log.follow();
  }

  /** Delivers what waits for the collector, for a moment, and flushes the logs. */
  async close(): Promise<void> {
    await this.#telemetry?.close(lastDeliveryMs);
    await this.logs.close();
  }
}
