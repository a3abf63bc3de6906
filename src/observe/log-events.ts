import { driftKinds, isInStep } from "../domain/drift-report.ts";
import type { RowError } from "../domain/ledger-row.ts";
import type { RunOutcome, RunRecord } from "../domain/run-record.ts";
import { mayQuote } from "../kernel/errors/codes.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { ServiceEvents } from "../kernel/http/service-events.ts";
import type { Listenable } from "../kernel/util/event-bus.ts";
import { shortened } from "../kernel/util/text.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";
import type { Logger } from "./logs.ts";

/** Limit of messages of other programs, which can be pages long. */
const longestMessage = 500;

const levelOfOutcome: Readonly<Record<RunOutcome, "info" | "warn" | "error">> = {
  running: "info",
  success: "info",
  cancelled: "info",
  partial: "warn",
  interrupted: "warn",
  failed: "error",
};

/**
 * Logs the events of runs. Every line has the ids of connector and run, and of the memory where there is one; events carry no
 * transcript, and only the fields listed here are logged.
 */
export function logRuns(events: Listenable<SyncEvents>, log: Logger): void {
  events.on("run:start", (run) => log.info({ ...runIds(run), trigger: run.trigger }, "run started"));
  events.on("run:phase", (run) => log.debug({ ...runIds(run), phase: run.phase }, "phase"));
  events.on("run:progress", (run) => {
    const { phase, done, total, counts } = run;
    log.debug({ ...runIds(run), phase, done, total, counts: nonZero(counts) }, "progress");
  });
  events.on("run:notice", (run) => log.info(runIds(run), shortened(run.message, longestMessage)));
  events.on("run:budget-spent", (run) =>
    log.warn({ ...runIds(run), waiting: run.waiting }, "today's budget is used up"),
  );
  events.on("run:held", (run) =>
    log.error({ ...runIds(run), reason: run.reason, ratio: run.ratio }, "a brake held the run"),
  );
  events.on("item:changed", (item) =>
    log.debug({ ...itemIds(item), from: item.from, to: item.to }, "memory changed state"),
  );
  events.on("item:failed", (item) => {
    const { attempts, nextAttemptAt } = item;
    const next_attempt_at = isoTime(nextAttemptAt);
    log.warn({ ...itemIds(item), ...reason(item.error), attempts, next_attempt_at }, "delivery failed");
    logHeldBack(item.error, itemIds(item), log);
  });
  events.on("item:dead", (item) => {
    log.error({ ...itemIds(item), ...reason(item.error) }, "memory became a dead letter");
    logHeldBack(item.error, itemIds(item), log);
  });
  events.on("drift:started", (run) =>
    log.info({ ...runIds(run), trigger: run.trigger, repair: run.repair }, "comparison started"),
  );
  events.on("drift:failed", (run) => {
    log.error({ ...runIds(run), ...reason(run.error) }, "comparison broke off");
    logHeldBack(run.error, runIds(run), log);
  });
  events.on("drift:checked", ({ report }) => {
    const counts = Object.fromEntries(driftKinds.map((kind) => [kind, report.drift[kind].count]));
    const remaining = report.repair?.remaining ?? report.drift;
    log[isInStep(remaining) ? "info" : "warn"](
      { connector_id: report.connectorId, drift: nonZero(counts), repaired: report.repair !== null },
      isInStep(remaining) ? "ledger, source and LightRAG agree" : "ledger, source and LightRAG differ",
    );
  });
  events.on("run:end", ({ record }) => logRunEnd(record, log));
}

/** Logs the events of the scheduler. */
export function logSchedules(events: Listenable<SchedulerEvents>, log: Logger): void {
  events.on("schedule:dispatch", (run) =>
    log.debug({ ...runIds(run), trigger: run.trigger, lateness_ms: run.latenessMs }, "run handed out"),
  );
  events.on("schedule:failover", (run) =>
    log.warn(runIds(run), "another process has left its run in the middle; it goes on here"),
  );
  events.on("schedule:left", (run) =>
    log.info({ ...runIds(run), ...reason(run.error) }, "its run waits for the process that has its folder"),
  );
  events.on("schedule:skip", ({ connectorId, reason, dueAt }) =>
    log[reason === "overlap" ? "warn" : "info"](
      { connector_id: connectorId, reason, due_at: isoTime(dueAt) },
      "due time skipped",
    ),
  );
  events.on("schedule:run-failed", (run) => {
    log.error({ ...runIds(run), ...reason(run.error) }, "run did not come about");
    logHeldBack(run.error, runIds(run), log);
  });
  events.on("schedule:run-ended", ({ record }) =>
    log.debug({ ...runIds(record), outcome: record.outcome }, "the connector is free for its next run"),
  );
  events.on("schedule:change", ({ connectorId, change }) =>
    log.info({ connector_id: connectorId, change }, "schedule changed"),
  );
  events.on("schedule:failed", ({ error }) => {
    log.error(reason(error), "the scheduler met something unexpected");
    logHeldBack(error, {}, log);
  });
  events.on("schedule:clock-jump", ({ byMs }) =>
    log.warn({ by_ms: byMs }, "the clock was set, or the machine slept"),
  );
  events.on("schedule:store-failed", ({ error }) =>
    log.error(reason(error), "due times cannot be stored; they go on in memory"),
  );
}

/** Logs requests and circuits. */
export function logConnections(events: Listenable<ServiceEvents>, log: Logger): void {
  events.on("http:attempt", ({ service, server, method, status, durationMs }) =>
    log.debug({ service, server, method, status, duration_ms: Math.round(durationMs) }, "request"),
  );
  events.on("circuit:change", ({ service, server, snapshot }) => {
    const { state, consecutiveFailures, until } = snapshot;
    const fields = { service, server, state, consecutive_failures: consecutiveFailures };
    if (until === null) log.info(fields, "circuit changed");
    else
      log.warn({ ...fields, until: isoTime(until) }, "circuit opened: the server is left alone for a while");
  });
}

function logRunEnd(record: RunRecord, log: Logger): void {
  const { outcome, trigger, startedAt, endedAt, counts, truncated, errors } = record;
  const fields = {
    ...runIds(record),
    outcome,
    trigger,
    duration_ms: (endedAt ?? startedAt) - startedAt,
    counts: nonZero(counts),
    truncated,
  };
  const shownErrors = errors.map((error) => ({ count: error.count, ...reason(error) }));
  log[levelOfOutcome[outcome]](
    errors.length === 0 ? fields : { ...fields, errors: shownErrors },
    "run ended",
  );
}

function runIds({ connectorId, runId }: { connectorId: string; runId: string }) {
  return { connector_id: connectorId, run_id: runId };
}

function itemIds(item: { connectorId: string; runId: string; contextId: string; memoryId: string }) {
  return { ...runIds(item), context_id: item.contextId, memory_id: item.memoryId };
}

type Reason = Pick<RowError | ConnectorError, "code" | "message" | "hint">;

function reason({ code, message, hint }: Reason) {
  return mayQuote(code) ? { code, hint } : { code, error: shortened(message, longestMessage), hint };
}

function logHeldBack({ code, message }: Reason, ids: object, log: Logger): void {
  if (mayQuote(code)) log.debug({ ...ids, code, error: shortened(message, longestMessage) }, "reason");
}

function nonZero<Counts extends object>(counts: Counts): Partial<Counts> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<Counts>;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
