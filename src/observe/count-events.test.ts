import { expect, test } from "vitest";
import { runRecord } from "../../test/support/run-record.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { ServiceEvents } from "../kernel/http/service-events.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";
import { countConnections, countRuns, countSchedules } from "./count-events.ts";
import { Metrics } from "./metrics.ts";

const run = { connectorId: "personal", runId: "run-1" };
const server = { end: "source", service: "memory_api", server: "http://127.0.0.1:1" } as const;

function listen() {
  const events = new EventBus<SyncEvents & SchedulerEvents & ServiceEvents>();
  const metrics = new Metrics();
  countRuns(events, metrics);
  countSchedules(events, metrics);
  countConnections(events, metrics);
  /** The series of the scrape that begin like this, without the common prefix. */
  const series = async (start: string) => {
    const lines = (await metrics.scrape()).split("\n");
    const prefix = `memory_connector_${start}`;
    return lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.slice("memory_connector_".length));
  };
  return { events, metrics, series };
}

test("a run is counted with its outcome, duration, findings and errors", async () => {
  const { events, series } = listen();
  const errors = [{ code: "CANCELLED", count: 3, message: "m", hint: "h", examples: [] }] as const;
  events.emit("run:end", {
    record: runRecord({ ...run, outcome: "partial", errors, counts: { new: 4, skipped: 1 } }),
  });
  expect(await series("syncs_total")).toEqual(['syncs_total{connector_id="personal",status="partial"} 1']);
  expect(await series("sync_duration_seconds_sum")).toEqual(["sync_duration_seconds_sum 1"]);
  expect(await series("last_sync_duration_seconds")).toEqual([
    'last_sync_duration_seconds{connector_id="personal"} 1',
  ]);
  expect(await series("errors_total")).toEqual([
    'errors_total{connector_id="personal",error_type="CANCELLED"} 3',
  ]);
  expect(await series("memories_seen_total")).toEqual([
    'memories_seen_total{connector_id="personal",finding="new"} 4',
    'memories_seen_total{connector_id="personal",finding="skipped"} 1',
  ]);
});

test("a memory counts as processed when its row says so, while the run goes on", async () => {
  const { events, series } = listen();
  const item = { ...run, contextId: "ctx", memoryId: "m" };
  events.emit("item:changed", { ...item, from: "submitting", to: "submitted" });
  events.emit("item:changed", { ...item, from: "submitted", to: "processed" });
  expect(await series("memories_processed")).toEqual(['memories_processed_total{connector_id="personal"} 1']);
});

test("the lateness of due runs is observed, not that of others", async () => {
  const { events, series } = listen();
  events.emit("schedule:dispatch", { ...run, trigger: "schedule", latenessMs: 20 });
  events.emit("schedule:dispatch", { ...run, trigger: "api", latenessMs: null });
  expect(await series("scheduler_lateness_seconds_count")).toEqual(["scheduler_lateness_seconds_count 1"]);
  expect(await series("scheduler_lateness_seconds_sum")).toEqual(["scheduler_lateness_seconds_sum 0.02"]);
});

test("due times without a run are counted by reason", async () => {
  const { events, series } = listen();
  events.emit("schedule:skip", { connectorId: "personal", reason: "overlap", dueAt: 0 });
  expect(await series("schedules_skipped")).toEqual([
    'schedules_skipped_total{connector_id="personal",reason="overlap"} 1',
  ]);
});

test("a run that broke off without a record is a failed run with its error", async () => {
  const { events, series } = listen();
  events.emit("schedule:run-failed", { ...run, error: new ConnectorError("STATE_DISK_FULL", "full") });
  events.emit("schedule:run-failed", { ...run, error: new ConnectorError("CANCELLED", "by a person") });
  expect(await series("syncs_total")).toEqual([
    'syncs_total{connector_id="personal",status="failed"} 1',
    'syncs_total{connector_id="personal",status="cancelled"} 1',
  ]);
  expect((await series("errors_total"))[0]).toContain('error_type="STATE_DISK_FULL"');
});

test("requests are observed by service, method and status, those without an answer too", async () => {
  const { events, series } = listen();
  events.emit("http:attempt", { ...server, method: "GET", status: 200, durationMs: 30 });
  events.emit("http:attempt", { ...server, method: "GET", status: null, durationMs: 30_000 });
  events.emit("http:attempt", {
    ...server,
    end: "sink",
    service: "lightrag",
    method: "POST",
    status: 429,
    durationMs: 5,
  });
  expect(await series("source_request_duration_seconds_count")).toEqual([
    'source_request_duration_seconds_count{method="GET",status="200"} 1',
    'source_request_duration_seconds_count{method="GET",status="none"} 1',
  ]);
  expect(await series("sink_request_duration_seconds_count")).toEqual([
    'sink_request_duration_seconds_count{method="POST",status="429"} 1',
  ]);
});

test("a run of another service that goes on here is counted", async () => {
  const { events, series } = listen();
  events.emit("schedule:failover", run);
  expect(await series("failovers_total")).toEqual(['failovers_total{connector_id="personal"} 1']);
});

test("a connector that was deleted takes all that was counted of it along, also what a run tells that was under way", async () => {
  const { events, metrics, series } = listen();
  const tellOf = (connectorId: string) => {
    const of = { connectorId, runId: "run-1" };
    const errors = [{ code: "CANCELLED", count: 3, message: "m", hint: "h", examples: [] }] as const;
    events.emit("run:end", { record: runRecord({ ...of, outcome: "partial", errors, counts: { new: 4 } }) });
    events.emit("item:changed", { ...of, contextId: "c", memoryId: "m", from: "submitted", to: "processed" });
    events.emit("schedule:skip", { connectorId, reason: "overlap", dueAt: 0 });
    events.emit("schedule:failover", of);
  };
  const namesOf = async (connectorId: string) =>
    (await series("")).flatMap((line) => (line.includes(`"${connectorId}"`) ? line.split("{") : [])).length;
  for (const id of ["personal", "other"]) tellOf(id);
  const before = await namesOf("other");
  expect([before, await namesOf("personal")]).toEqual([14, 14]);
  metrics.keepOnly(() => [{ id: "other" }]);
  expect([await namesOf("other"), await namesOf("personal")]).toEqual([before, 0]);
  tellOf("personal");
  expect(await namesOf("personal")).toBe(0);
});
