import { type Logger, pino } from "pino";
import { expect, test } from "vitest";
import { runRecord } from "../../test/support/run-record.ts";
import type { DriftReport } from "../domain/drift-report.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { ServiceEvents } from "../kernel/http/service-events.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";
import { DriftTally } from "../sync/reconcile/check.ts";
import { logConnections, logRuns, logSchedules } from "./log-events.ts";

type Events = SyncEvents & SchedulerEvents & ServiceEvents;

function listen() {
  const lines: string[] = [];
  const log: Logger = pino(
    { level: "debug", base: null, timestamp: false },
    { write: (line) => void lines.push(line) },
  );
  const events = new EventBus<Events>();
  logRuns(events, log);
  logSchedules(events, log);
  logConnections(events, log);
  return { events, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

const run = { connectorId: "personal", runId: "run-1" };
const item = { ...run, contextId: "ctx", memoryId: "m-1" };
const error = { code: "SOURCE_TIMEOUT", message: "no answer", hint: "look at it" } as never;
const at = Date.UTC(2026, 0, 1);
const driftReport: DriftReport = {
  runId: "run-1",
  connectorId: "personal",
  startedAt: at,
  endedAt: at,
  documents: 1,
  delivered: 2,
  memories: 2,
  truncated: null,
  queryRange: "auto",
  outside: 0,
  drift: { ...new DriftTally().toDrift(), missing: { count: 1, examples: ["m-1"] } },
  repair: null,
};

/** One event of every kind, as noisy as it can be. */
function everyEvent(extra: object): Events {
  const { counts } = runRecord({ counts: { fetched: 3, dead: 1 } });
  const failure = new ConnectorError("STATE_DISK_FULL", "the disk is full");
  const server = { end: "source", service: "memory_api", server: "http://127.0.0.1:1" } as const;
  const snapshot = {
    state: "open",
    since: at,
    until: at + 1000,
    consecutiveFailures: 5,
    lastError: "x",
  } as const;
  const events: Events = {
    "run:start": { ...run, trigger: "schedule", startedAt: at },
    "run:phase": { ...run, phase: "discover" },
    "run:progress": { ...run, phase: "deliver", counts, done: 1, total: 2 },
    "run:notice": { ...run, message: "LightRAG was restarted" },
    "run:budget-spent": { ...run, waiting: 12 },
    "run:held": { ...run, reason: "resend", ratio: 0.4 },
    "item:changed": { ...item, from: "pending", to: "submitting" },
    "item:failed": { ...item, error, attempts: 2, nextAttemptAt: at },
    "item:dead": { ...item, error },
    "drift:started": { ...run, trigger: "api", repair: true, startedAt: at },
    "drift:failed": { ...run, error },
    "drift:checked": { report: driftReport },
    "run:end": { record: { ...runRecord(run), ...extra } },
    "schedule:dispatch": { ...run, trigger: "schedule", latenessMs: 3 },
    "schedule:skip": { connectorId: "personal", reason: "overlap", dueAt: at },
    "schedule:failover": run,
    "schedule:left": { ...run, error: failure },
    "schedule:run-failed": { ...run, error: failure },
    "schedule:run-ended": { record: runRecord(run) },
    "schedule:change": { connectorId: "personal", change: "paused" },
    "schedule:failed": { error: failure },
    "schedule:clock-jump": { byMs: -5000 },
    "schedule:store-failed": { error: failure },
    "http:attempt": { ...server, method: "GET", status: 200, durationMs: 12.3 },
    "circuit:change": { ...server, snapshot },
  };
  for (const payload of Object.values(events)) Object.assign(payload, extra);
  return events;
}

function emitAll(events: EventBus<Events>, all: Events): void {
  for (const name of Object.keys(all) as (keyof Events)[]) events.emit(name, all[name]);
}

test("every event leaves a line", () => {
  const { events, lines } = listen();
  const all = everyEvent({});
  emitAll(events, all);
  expect(lines).toHaveLength(Object.keys(all).length);
});

test("every line of a run carries its connector and its run, and its memory where there is one", () => {
  const { events, parsed } = listen();
  const all = everyEvent({});
  emitAll(events, all);
  const names = Object.keys(all);
  for (const [n, line] of parsed().entries()) {
    const name = names[n] ?? "";
    if (/^(run|item):/.test(name)) expect(line).toMatchObject({ connector_id: "personal", run_id: "run-1" });
    if (name.startsWith("item:")) expect(line).toMatchObject({ context_id: "ctx", memory_id: "m-1" });
  }
});

test("nothing of an event is logged but the fields that are meant to be", () => {
  const { events, lines } = listen();
  emitAll(
    events,
    everyEvent({
      transcript: "MARKER",
      payload: { transcript: "MARKER" },
      memory: "MARKER",
      apiKey: "MARKER",
    }),
  );
  expect(lines.join("")).not.toContain("MARKER");
});

test.each([
  ["success", 30],
  ["partial", 40],
  ["failed", 50],
  ["cancelled", 30],
] as const)("the end of a run that was a %s has its level", (outcome, level) => {
  const { events, parsed } = listen();
  events.emit("run:end", { record: runRecord({ outcome, counts: { fetched: 3, new: 0 } }) });
  expect(parsed()).toMatchObject([
    { level, outcome, duration_ms: 1000, counts: { fetched: 3 }, msg: "run ended" },
  ]);
});

test("a message as long as a page is cut", () => {
  const { events, parsed } = listen();
  events.emit("run:notice", { ...run, message: "x".repeat(10_000) });
  expect(parsed()[0].msg).toHaveLength(500);
});

test("a circuit that opens is a warning that says until when", () => {
  const { events, parsed } = listen();
  events.emit("circuit:change", everyEvent({})["circuit:change"]);
  expect(parsed()).toMatchObject([{ level: 40, state: "open", until: "2026-01-01T00:00:01.000Z" }]);
});
