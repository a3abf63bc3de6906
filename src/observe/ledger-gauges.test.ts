import { expect, test } from "vitest";
import { runRecord } from "../../test/support/run-record.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { ledgerStatuses } from "../domain/ledger-row.ts";
import type { RunRecord } from "../domain/run-record.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { StatusCounts } from "../state/state-manager.ts";
import type { SyncEvents } from "../sync/events.ts";
import { LedgerGauges, type WatchedConnector } from "./ledger-gauges.ts";
import { Metrics } from "./metrics.ts";

const minute = 60_000;

function watch() {
  const clock = new SteppedClock(Date.UTC(2026, 0, 31, 8));
  const ledger: Record<string, Partial<StatusCounts>> = {};
  const oldest: Record<string, number> = {};
  const runs: RunRecord[] = [];
  const reads: string[] = [];
  const connectors: WatchedConnector[] = ["a", "b"].map((id) => ({ id, contextIds: [`${id}-1`, `${id}-2`] }));
  const noRows = Object.fromEntries(ledgerStatuses.map((status) => [status, 0])) as StatusCounts;
  const metrics = new Metrics();
  const events = new EventBus<SyncEvents>();
  const state = {
    countRows: async (connectorId: string) => {
      reads.push(connectorId);
      return { ...noRows, ...ledger[connectorId] };
    },
    oldestUnfinished: async ({ contextId }: { contextId: string }) => oldest[contextId] ?? null,
    listRuns: async ({ connectorId }: { connectorId?: string | undefined }) => ({
      runs: runs.filter((run) => run.connectorId === connectorId),
      next: null,
    }),
  };
  metrics.addSource(new LedgerGauges({ metrics, state, clock, connectors: () => connectors }, events));
  metrics.keepOnly(() => connectors);
  const value = async (name: string, connectorId: string) => {
    const line = (await metrics.scrape())
      .split("\n")
      .find((text) => text.startsWith(`memory_connector_${name}{connector_id="${connectorId}"}`));
    return line === undefined ? null : Number(line.split(" ")[1]);
  };
  return { clock, ledger, oldest, runs, reads, connectors, metrics, events, value };
}

test("in flight, dead letters and the age of the oldest unfinished memory come from the ledger", async () => {
  const { ledger, oldest, clock, value } = watch();
  ledger.a = { submitting: 1, submitted: 2, dead: 4, processed: 100 };
  oldest["a-1"] = clock.now() - 2000;
  oldest["a-2"] = clock.now() - 5000;
  expect(await value("in_flight", "a")).toBe(3);
  expect(await value("dead_letters", "a")).toBe(4);
  expect(await value("oldest_unfinished_age_seconds", "a")).toBe(5);
  expect(await value("oldest_unfinished_age_seconds", "b")).toBeNull();
});

test("the age grows although the ledger is not read again", async () => {
  const { oldest, clock, value, reads } = watch();
  oldest["a-1"] = clock.now();
  await value("in_flight", "a");
  await clock.advance(minute);
  expect(await value("oldest_unfinished_age_seconds", "a")).toBe(60);
  expect(reads).toEqual(["a", "b"]);
});

test("a scrape reads again only the connectors that worked since the last", async () => {
  const { metrics, events, reads } = watch();
  await metrics.scrape();
  reads.length = 0;
  events.emit("run:start", { connectorId: "b", runId: "r", trigger: "cli", startedAt: 0 });
  await metrics.scrape();
  await metrics.scrape();
  events.emit("run:end", { record: runRecord({ connectorId: "b" }) });
  await metrics.scrape();
  await metrics.scrape();
  expect(reads).toEqual(["b", "b", "b"]);
});

test("everything is read again after five minutes, because other processes write the ledger too", async () => {
  const { metrics, clock, reads } = watch();
  await metrics.scrape();
  await clock.advance(5 * minute);
  await metrics.scrape();
  expect(reads).toEqual(["a", "b", "a", "b"]);
});

test("the last success is known from the history and moves with successful runs only", async () => {
  const { runs, events, value } = watch();
  const at = Date.UTC(2026, 0, 30);
  runs.push(
    runRecord({ connectorId: "a", startedAt: at + 10_000, outcome: "failed" }),
    runRecord({ connectorId: "a", startedAt: at }),
  );
  expect(await value("last_success_timestamp_seconds", "a")).toBe(at / 1000 + 1);
  expect(await value("last_success_timestamp_seconds", "b")).toBeNull();
  events.emit("run:end", { record: runRecord({ connectorId: "b", startedAt: at, outcome: "partial" }) });
  expect(await value("last_success_timestamp_seconds", "b")).toBeNull();
  events.emit("run:end", { record: runRecord({ connectorId: "b", startedAt: at }) });
  expect(await value("last_success_timestamp_seconds", "b")).toBe(at / 1000 + 1);
});

test("a series begins with its first value and ends at 0, not by being gone", async () => {
  const { ledger, events, value } = watch();
  expect(await value("dead_letters", "a")).toBeNull();
  for (const [dead, shown] of [
    [2, 2],
    [0, 0],
  ] as const) {
    ledger.a = { dead };
    events.emit("run:end", { record: runRecord({ connectorId: "a" }) });
    expect(await value("dead_letters", "a")).toBe(shown);
  }
  expect(await value("dead_letters", "b")).toBeNull();
});

test("a connector that is gone is not shown any more, and one that is made anew under its id begins anew", async () => {
  const { connectors, ledger, clock, value } = watch();
  ledger.a = { dead: 3 };
  expect([await value("in_flight", "a"), await value("dead_letters", "a")]).toEqual([0, 3]);
  const [gone] = connectors.splice(0, 1);
  expect([await value("in_flight", "a"), await value("dead_letters", "a")]).toEqual([null, null]);
  expect(await value("in_flight", "b")).toBe(0);
  ledger.a = {};
  connectors.push(gone as WatchedConnector);
  await clock.advance(5 * minute);
  expect([await value("in_flight", "a"), await value("dead_letters", "a")]).toEqual([0, null]);
});
