import { expect, test } from "vitest";
import { pendingRow, processedRow, scope } from "../../../test/contract/state-manager-samples.ts";
import { memoryState } from "../../../test/support/memory-state.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { forgetDeleted } from "./forget-deleted.ts";

const rows: readonly LedgerRow[] = [
  { ...pendingRow({ memoryId: "old" }), status: "deleted", payload: null, changedAt: 10 },
  { ...pendingRow({ memoryId: "new" }), status: "deleted", payload: null, changedAt: 500 },
  { ...processedRow({ memoryId: "tombstone" }), status: "deleted", changedAt: 10 },
  { ...processedRow({ memoryId: "processed" }), changedAt: 10 },
  {
    ...pendingRow({ memoryId: "erased" }),
    status: "skipped",
    skipReason: "erased",
    payload: null,
    changedAt: 10,
  },
];

test.each(["sqlite", "json"] as const)(
  "only rows whose memory is long gone from both sides are forgotten (%s)",
  async (backend) => {
    const state = memoryState(systemClock, backend);
    await state.saveRows(rows);
    expect(await forgetDeleted(state, scope.connectorId, 100)).toBe(1);
    const left = await state.getRows(
      scope,
      rows.map(({ memoryId }) => memoryId),
    );
    expect([...left.keys()].toSorted()).toEqual(["erased", "new", "processed", "tombstone"]);
    expect(await forgetDeleted(state, scope.connectorId, 100)).toBe(0);
  },
);

test("many rows go in steps, and a connector at work is left alone", async () => {
  const state = memoryState(systemClock, "sqlite");
  const [old] = rows;
  if (old === undefined) throw new Error("a row");
  await state.saveRows(Array.from({ length: 1_234 }, (_, at) => ({ ...old, memoryId: `m${at}` })));
  const lock = await state.lockConnector(scope.connectorId);
  expect(await forgetDeleted(state, scope.connectorId, 100)).toBe(0);
  await lock.release();
  expect(await forgetDeleted(state, scope.connectorId, 100)).toBe(1_234);
});

test("what was deleted at that very moment stays", async () => {
  const state = memoryState(systemClock);
  const [old] = rows;
  if (old === undefined) throw new Error("a row");
  await state.saveRows([{ ...old, changedAt: 100 }]);
  expect(await forgetDeleted(state, scope.connectorId, 100)).toBe(0);
});

test("at most five hundred rows go at once, and the connector is free afterwards", async () => {
  const state = memoryState(systemClock);
  const [old] = rows;
  if (old === undefined) throw new Error("a row");
  await state.saveRows(Array.from({ length: 501 }, (_, at) => ({ ...old, memoryId: `m${at}` })));
  const steps: number[] = [];
  const remove = state.removeRows.bind(state);
  state.removeRows = (keys) => {
    steps.push(keys.length);
    return remove(keys);
  };
  await forgetDeleted(state, scope.connectorId, 100);
  await forgetDeleted(state, scope.connectorId, 100);
  expect(steps).toEqual([500, 1]);
  await (await state.lockConnector(scope.connectorId)).release();
});

test("a state that cannot be locked for another reason is no connector at work", async () => {
  const state = memoryState(systemClock);
  state.lockConnector = () => Promise.reject(new Error("a defect"));
  await expect(forgetDeleted(state, scope.connectorId, 100)).rejects.toThrow("a defect");
});

test("what is remembered of its media goes with a memory", async () => {
  const state = memoryState(systemClock, "sqlite");
  await state.saveRows(rows);
  const error = { code: "MEDIA_NOT_FOUND", message: "no", hint: "" } as const;
  const dead = {
    kind: "audio",
    standing: "dead",
    tried: "t",
    bytes: null,
    failures: 3,
    failedAt: 1,
  } as const;
  const medium = (memoryId: string) => ({ ...scope, memoryId, ...dead, error });
  await state.unreadMedia.save([medium("old"), medium("new")]);
  await forgetDeleted(state, scope.connectorId, 100);
  expect(await state.unreadMedia.list(scope.connectorId)).toMatchObject([{ memoryId: "new" }]);
});
