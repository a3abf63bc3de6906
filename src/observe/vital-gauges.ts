import type { SchedulerVitals } from "../schedule/scheduler-service.ts";
import type { GaugeSource, Metrics } from "./metrics.ts";

export interface VitalGaugesOptions {
  metrics: Metrics;
  scheduler: { vitals(): SchedulerVitals };
  logs: { readonly droppedLines: number };
}

/** Gauges read directly from scheduler and logs. */
export function vitalGauges({ metrics, scheduler, logs }: VitalGaugesOptions): GaugeSource {
  return {
    async refresh() {
      const { running, queued } = scheduler.vitals();
      metrics.runsActive.set(running);
      metrics.runsQueued.set(queued);
      metrics.logLinesDropped.reset();
      metrics.logLinesDropped.inc(logs.droppedLines);
    },
  };
}
