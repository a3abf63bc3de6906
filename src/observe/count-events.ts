import type { RunRecord } from "../domain/run-record.ts";
import type { ServiceEvents } from "../kernel/http/service-events.ts";
import type { Listenable } from "../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";
import type { Metrics } from "./metrics.ts";

const findings = ["new", "changed", "unchanged", "skipped", "malformed"] as const;

/** Counts the events of runs. */
export function countRuns(events: Listenable<SyncEvents>, metrics: Metrics): void {
  events.on("item:changed", ({ connectorId, to }) => {
    if (to === "processed") metrics.memoriesProcessed.inc({ connector_id: connectorId });
  });
  events.on("run:end", ({ record }) => countRun(record, metrics));
}

/** Counts the events of the scheduler. */
export function countSchedules(events: Listenable<SchedulerEvents>, metrics: Metrics): void {
  events.on("schedule:dispatch", ({ latenessMs }) => {
    if (latenessMs !== null) metrics.schedulerLateness.observe(Math.max(0, latenessMs) / 1000);
  });
  events.on("schedule:skip", ({ connectorId, reason }) => {
    metrics.schedulesSkipped.inc({ connector_id: connectorId, reason });
  });
  events.on("schedule:failover", ({ connectorId }) => metrics.failovers.inc({ connector_id: connectorId }));
  events.on("schedule:run-failed", ({ connectorId, error }) => {
    const status = error.code === "CANCELLED" ? "cancelled" : "failed";
    metrics.syncs.inc({ connector_id: connectorId, status });
    metrics.errors.inc({ connector_id: connectorId, error_type: error.code });
  });
}

/** Counts requests. */
export function countConnections(events: Listenable<ServiceEvents>, metrics: Metrics): void {
  events.on("http:attempt", ({ end, method, status, durationMs }) => {
    const requests = end === "source" ? metrics.sourceRequests : metrics.sinkRequests;
    requests.observe({ method, status: status ?? "none" }, durationMs / 1000);
  });
}

function countRun({ connectorId, outcome, startedAt, endedAt, counts, errors }: RunRecord, metrics: Metrics) {
  const connector = { connector_id: connectorId };
  metrics.syncs.inc({ ...connector, status: outcome });
  const seconds = Math.max(0, (endedAt ?? startedAt) - startedAt) / 1000;
  metrics.syncDuration.observe(seconds);
  metrics.lastSyncDuration.set(connector, seconds);
  for (const finding of findings) {
    if (counts[finding] > 0) metrics.memoriesSeen.inc({ ...connector, finding }, counts[finding]);
  }
  for (const { code, count } of errors) metrics.errors.inc({ ...connector, error_type: code }, count);
}
