import { expect, onTestFinished, test } from "vitest";
import { runRecord } from "../../../test/support/run-record.ts";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { newRow } from "../../domain/ledger.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { CircuitSnapshot } from "../../kernel/http/circuit-breaker.ts";
import type { Circuit } from "../../kernel/http/circuits.ts";
import type { ServiceEvents } from "../../kernel/http/service-events.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../../schedule/events.ts";
import { openState } from "../../state/open-state.ts";
import type { SyncEvents } from "../../sync/events.ts";
import type { AlertEvents } from "../events.ts";
import type { AlertRule, AlertRuleName } from "./alert-rule.ts";
import { AlertWatch } from "./alert-watch.ts";
import { SignalReader } from "./signal-reader.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const rule = (name: AlertRuleName, limit = 0): AlertRule => ({ name, limit, connectors: null });

/** A watch over a real store; another one over the same path is another process. */
async function startWatch(rules: readonly AlertRule[], given: { path?: string; clock?: SteppedClock } = {}) {
  const { path = `${temporaryFolder()}/state.db`, clock = new SteppedClock(start) } = given;
  const state = await openState({ backend: "sqlite", path });
  onTestFinished(() => state.close());
  const events = new EventBus<SyncEvents & SchedulerEvents & ServiceEvents & AlertEvents>();
  const told: string[] = [];
  events.on("alert:change", ({ status, alert }) => told.push(`${status} ${alert.title}`));
  const problems: string[] = [];
  events.on("alert:judge-failed", ({ error }) => problems.push(error.code));
  const circuits: Circuit[] = [];
  const connectors = [{ id: "notes", contextIds: ["CTX"] }];
  const settings = { rules, remindEveryMs: null, channelIds: ["ops"] };
  const watch = new AlertWatch({
    store: state.notifications,
    signals: new SignalReader({ state, events, circuits: () => circuits, clock }),
    settings: () => settings,
    connectors: () => connectors,
    enqueue: (_channels, _messages, alerts) => state.notifications.enqueue(alerts, []),
    clock,
    events,
  });
  let runs = 0;
  const run = async (change: Parameters<typeof runRecord>[0] = {}): Promise<RunRecord> => {
    runs += 1;
    const at = { startedAt: clock.now(), endedAt: clock.now() + 1000 };
    const record = runRecord({
      connectorId: "notes",
      runId: `${path}-${clock.now()}-${runs}`,
      ...at,
      ...change,
    });
    await state.saveRun(record);
    events.emit("run:end", { record });
    await watch.evaluateConnector("notes");
    await clock.advance(60_000);
    return record;
  };
  return { path, clock, state, events, told, problems, circuits, connectors, watch, run };
}

const failure = { outcome: "failed" } as const;
const row = (memoryId: string, now: number) =>
  newRow({ connectorId: "notes", contextId: "CTX", memoryId }, `memory-${memoryId}.txt`, now);

test("failures in a row are told once, over a restart too, and so is the recovery", async () => {
  const first = await startWatch([rule("consecutive_failures", 3)]);
  await first.run(failure);
  await first.run({ outcome: "interrupted" });
  await first.run({ outcome: "cancelled" });
  expect(first.told).toEqual([]);
  await first.run(failure);
  await first.run(failure);
  expect(first.told).toEqual(["firing 3 runs of notes failed in a row"]);
  await first.state.close();
  const second = await startWatch([rule("consecutive_failures", 3)], first);
  await second.watch.evaluateAll();
  await second.run(failure);
  expect(second.told).toEqual([]);
  await second.run({ outcome: "partial" });
  expect(second.told).toEqual(["resolved 3 runs of notes failed in a row"]);
});

test("runs that leave no record count as failures", async () => {
  const { events, watch, told } = await startWatch([rule("consecutive_failures", 2)]);
  const error = new ConnectorError("STATE_DISK_FULL", "the disk is full");
  for (const runId of ["a", "b"]) events.emit("schedule:run-failed", { connectorId: "notes", runId, error });
  await watch.evaluateConnector("notes");
  expect(told).toEqual(["firing 2 runs of notes failed in a row"]);
});

test("two processes that see the same tell it once", async () => {
  const here = await startWatch([rule("truncated")]);
  const there = await startWatch([rule("truncated")], here);
  const nothing = { watermark: null, lastCompleteListingAt: null, lastListingCount: null };
  await here.state.saveSyncState({
    connectorId: "notes",
    contextId: "CTX",
    truncated: "100 of 100",
    ...nothing,
  });
  await Promise.all([here, there, here, there].map(({ watch }) => watch.evaluateAll()));
  expect([...here.told, ...there.told]).toEqual(["firing the source does not show all memories of notes"]);
  expect([...here.problems, ...there.problems]).toEqual([]);
});

test("a connector that fails for longer than its first page of history is known to have synced", async () => {
  const { run, told, clock } = await startWatch([rule("no_sync_for_hours", 2 * hour)]);
  await run();
  for (let n = 0; n < 30; n += 1) await run(failure);
  expect(told).toEqual([]);
  await clock.advance(2 * hour);
  await run(failure);
  expect(told).toEqual(["firing notes has not synced for 2 h 30 min"]);
});

test("memories that wait while nothing moves are told, and not those that have just come", async () => {
  const { state, watch, clock, told, run } = await startWatch([rule("stale", 6 * hour)]);
  await run({ counts: { processed: 3 } });
  await clock.advance(24 * hour);
  await state.saveRows([row("m1", clock.now())]);
  await watch.evaluateAll();
  expect(told).toEqual([]);
  await clock.advance(6 * hour);
  await watch.evaluateAll();
  expect(told).toEqual(["firing nothing has moved in notes for 6 h"]);
  await run({ counts: { processed: 1 } });
  expect(told.at(-1)).toMatch(/^resolved/);
});

test("dead letters are counted in the ledger", async () => {
  const { state, watch, told, clock } = await startWatch([rule("dead_letters_over", 1)]);
  const error = { code: "MEMORY_MALFORMED", message: "m", hint: "h" } as const;
  const dead = (id: string) => ({ ...row(id, clock.now()), status: "dead" as const, error });
  await state.saveRows([dead("m1")]);
  await watch.evaluateAll();
  expect(told).toEqual([]);
  await state.saveRows([dead("m2")]);
  await watch.evaluateAll();
  expect(told).toEqual(["firing notes has 2 dead letters"]);
});

test("a held run is told by how much it would have done", async () => {
  const { events, told, run } = await startWatch([rule("resend_ratio", 60)]);
  const held = {
    ...failure,
    errors: [{ code: "RUN_HELD", count: 1, message: "m", hint: "h", examples: [] }],
  } as const;
  events.emit("run:held", { runId: "r", connectorId: "notes", reason: "resend", ratio: 0.5 });
  await run(held);
  expect(told).toEqual([]);
  events.emit("run:held", { runId: "r", connectorId: "notes", reason: "resend", ratio: 0.7 });
  await run(held);
  expect(told).toEqual(["firing a brake held a run of notes"]);
  await run();
  expect(told.at(-1)).toBe("resolved a brake held a run of notes");
});

const snapshot = (state: CircuitSnapshot["state"]): CircuitSnapshot => ({
  state,
  since: start,
  until: null,
  consecutiveFailures: 5,
  lastError: "GET http://m.example/memory answered 500",
});

test("a server that is left alone is told until it has answered; a restart alone is no recovery", async () => {
  const first = await startWatch([rule("breaker_open")]);
  const server = { end: "source", service: "memory_api", server: "http://m.example" } as const;
  first.circuits.push({ ...server, snapshot: snapshot("open") });
  await first.watch.evaluateAll();
  expect(first.told).toEqual(["firing memory_api http://m.example fails and is left alone"]);
  const second = await startWatch([rule("breaker_open")], first);
  await second.watch.evaluateAll();
  second.circuits.push({ ...server, snapshot: snapshot("closed") });
  await second.watch.evaluateAll();
  expect(second.told).toEqual([]);
  second.events.emit("http:attempt", { ...server, method: "GET", status: 200, durationMs: 1 });
  await second.watch.evaluateAll();
  expect(second.told).toEqual(["resolved memory_api http://m.example fails and is left alone"]);
});

test("alerts of a connector that is gone are forgotten without a word", async () => {
  const { run, told, connectors, watch, state } = await startWatch([rule("consecutive_failures", 1)]);
  await run(failure);
  connectors.pop();
  await watch.evaluateAll();
  expect(await state.notifications.listAlerts()).toEqual([]);
  expect(told).toHaveLength(1);
});

test("a store that fails is told, and the next judgement makes up for it", async () => {
  const { run, told, problems, state, watch } = await startWatch([rule("consecutive_failures", 1)]);
  const enqueue = state.notifications.enqueue;
  Object.assign(state.notifications, {
    enqueue: () => Promise.reject(new ConnectorError("STATE_DISK_FULL", "the disk is full")),
  });
  await run(failure);
  expect([told, problems]).toEqual([[], ["STATE_DISK_FULL"]]);
  Object.assign(state.notifications, { enqueue });
  await watch.evaluateAll();
  expect(told).toEqual(["firing 1 run of notes failed in a row"]);
});
