import { expect, test } from "vitest";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import type { ConnectorConfig } from "../../config/config.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Logger } from "../../observe/logs.ts";
import type { StoredReconciliation } from "../../state/record-stores.ts";
import { reconcileOnSchedule } from "./scheduled-reconciliation.ts";

const hour = 3_600_000;

function schedule(connectors: { id: string; enabled?: boolean; everyMs: number | null; repair?: boolean }[]) {
  const clock = new SteppedClock();
  const kept = new Map<string, StoredReconciliation>();
  const calls: string[] = [];
  const errors: unknown[] = [];
  const faults: Error[] = [];
  const stop = new AbortController();
  const options = {
    connectors: () =>
      connectors.map(
        ({ id, enabled = true, everyMs, repair = false }) =>
          ({ id, enabled, reconcile: { everyMs, repair } }) as ConnectorConfig,
      ),
    reconcile: async (connector: ConnectorConfig, { repair }: { repair: boolean }) => {
      calls.push(`${connector.id}${repair ? " repair" : ""}`);
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      kept.set(connector.id, { connectorId: connector.id, startedAt: clock.now() });
      return {} as never;
    },
    state: {
      reconciliations: { get: async (id: string) => kept.get(id) ?? null, save: async () => undefined },
    },
    clock,
    log: { error: (fields: unknown) => errors.push(fields) } as unknown as Logger,
  };
  const done = reconcileOnSchedule(options, stop.signal);
  const end = async () => {
    stop.abort();
    await expect(done).rejects.toThrow();
  };
  return { clock, kept, calls, errors, faults, end };
}

async function pass(clock: SteppedClock, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) await clock.advance(60_000);
}

test("connectors with a time of their own are compared at that pace, and others never", async () => {
  const { clock, calls, end } = schedule([
    { id: "a", everyMs: hour, repair: true },
    { id: "b", everyMs: null },
    { id: "c", everyMs: hour, enabled: false },
  ]);
  await pass(clock, 59);
  expect(calls).toEqual([]);
  await pass(clock, 2);
  expect(calls).toEqual(["a repair"]);
  await pass(clock, 60);
  expect(calls).toEqual(["a repair", "a repair"]);
  await end();
});

test("a restart does not begin the wait anew", async () => {
  const { clock, kept, calls, end } = schedule([{ id: "a", everyMs: hour }]);
  kept.set("a", { connectorId: "a", startedAt: clock.now() - hour });
  await pass(clock, 1);
  expect(calls).toEqual(["a"]);
  await end();
});

test("a connector that is at work has its turn at the next look, and an error is logged and stops nothing", async () => {
  const { clock, calls, errors, faults, end } = schedule([{ id: "a", everyMs: hour }]);
  faults.push(new ConnectorError("CONNECTOR_LOCKED", "busy"), new ConnectorError("SINK_UNREACHABLE", "away"));
  await pass(clock, 60);
  expect([calls.length, errors.length]).toEqual([1, 0]);
  await pass(clock, 1);
  expect([calls.length, errors.length]).toEqual([2, 1]);
  await pass(clock, 1);
  expect([calls.length, errors.length]).toEqual([3, 1]);
  await end();
});

test("one that failed is made again after a quarter of an hour, and not with every look", async () => {
  const { clock, kept, calls, errors, faults, end } = schedule([{ id: "a", everyMs: hour }]);
  await pass(clock, 59);
  const startedAt = clock.now() + 60_000;
  const begun = { runId: "r", trigger: "schedule", repair: false, startedAt, endedAt: startedAt } as const;
  kept.set("a", { connectorId: "a", startedAt: null, latest: { ...begun, outcome: "failed", error: null } });
  faults.push(new ConnectorError("SINK_UNREACHABLE", "away"));
  await pass(clock, 15);
  expect([calls.length, errors.length]).toEqual([0, 0]);
  await pass(clock, 1);
  expect([calls.length, errors.length]).toEqual([1, 1]);
  await end();
});

test("a clock that was ahead keeps no comparison away", async () => {
  const { clock, kept, calls, end } = schedule([{ id: "a", everyMs: hour }]);
  kept.set("a", { connectorId: "a", startedAt: clock.now() + 1_000 * hour });
  await pass(clock, 1);
  expect(calls).toEqual(["a"]);
  kept.set("a", { connectorId: "a", startedAt: clock.now() });
  await pass(clock, 59);
  expect(calls).toEqual(["a"]);
  await end();
});
