import { type Circuit, circuitStates } from "../kernel/http/circuits.ts";
import type { SchedulerVitals } from "../schedule/scheduler-service.ts";
import type { SharedRuns } from "../state/shared-runs.ts";
import type { GaugeSource, Metrics } from "./metrics.ts";

/** At each scrape, the current state as 1 and the others as 0. */
export function circuitGauges(metrics: Metrics, circuits: () => readonly Circuit[]): GaugeSource {
  return {
    async refresh() {
      metrics.circuitState.reset();
      for (const { service, server, snapshot } of circuits()) {
        for (const state of circuitStates)
          metrics.circuitState.set({ service, server, state }, state === snapshot.state ? 1 : 0);
      }
    },
  };
}

interface SharingGaugesOptions {
  metrics: Metrics;
  shared: Pick<SharedRuns, "counts">;
  schedulers: () => Promise<readonly unknown[]>;
}

/** What all services on one state do. */
export function sharingGauges({ metrics, shared, schedulers }: SharingGaugesOptions): GaugeSource {
  return {
    async refresh() {
      const [counts, services] = await Promise.all([shared.counts(), schedulers()]);
      metrics.sharedRuns.set({ status: "queued" }, counts.queued);
      metrics.sharedRuns.set({ status: "active" }, counts.active);
      metrics.leases.set(counts.leased);
      metrics.services.set(services.length);
    },
  };
}

interface VitalGaugesOptions {
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
