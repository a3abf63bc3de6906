import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import type { LedgerEvent } from "../domain/ledger-event.ts";
import type { LedgerRow, LedgerStatus } from "../domain/ledger-row.ts";

const error = { code: "SINK_BUSY", message: "no", hint: "" } as const;
const item = { runId: "r", connectorId: "c", contextId: "CTX", memoryId: "a" };

/** A row in some state, and what is told and counted when an event happens to it. */
async function writing(status: LedgerStatus, change: Partial<LedgerRow> = {}) {
  const sync = await quickHarness();
  const run = await runContext(sync);
  const [row] = await pendingRows(sync, [memoryOf("a")]);
  if (row === undefined) throw new Error("no row");
  const [saved] = await sync.state.saveRows([{ ...row, status, ...change }]);
  if (saved === undefined) throw new Error("no row");
  const told: unknown[] = [];
  for (const name of ["item:changed", "item:failed", "item:dead"] as const)
    sync.events.on(name, (event) => told.push([name, event]));
  const apply = (event: LedgerEvent) => run.ledger.apply([{ row: saved, event }]);
  return { run, told, apply, row: () => sync.row("a"), state: sync.state };
}

test("a change is stored, and told once it is", async () => {
  const { told, apply, row } = await writing("pending");
  const [saved] = await apply({ type: "submit", documentId: "d", contentHash: "h" });
  expect(await row()).toEqual(saved);
  expect(saved).toMatchObject({ status: "submitting", documentId: "d" });
  expect(told).toEqual([["item:changed", { ...item, from: "pending", to: "submitting" }]]);
});

test("a change that the store refuses is neither told nor counted", async () => {
  const { run, told, apply, state } = await writing("submitted");
  await state.saveRows([
    { ...(await state.pageRows({ connectorId: "c" }, { limit: 1 })).rows[0] } as LedgerRow,
  ]);
  await expect(apply({ type: "proved", documentId: "d" })).rejects.toMatchObject({ code: "STATE_CONFLICT" });
  expect(told).toEqual([]);
  expect(run.report.counts.processed).toBe(0);
});

test("nothing to change is nothing to write", async () => {
  const { run, state } = await writing("pending");
  state.saveRows = async () => {
    throw new Error("written");
  };
  expect(await run.ledger.apply([])).toEqual([]);
});

test("a failed attempt is told with its number and the time of the next", async () => {
  const { run, told, apply } = await writing("submitted", { attempts: 1 });
  await apply({ type: "fail", error, nextAttemptAt: 9 });
  expect(told).toEqual([
    ["item:failed", { ...item, error, attempts: 2, nextAttemptAt: 9 }],
    ["item:changed", { ...item, from: "submitted", to: "failed" }],
  ]);
  expect(run.report.toRecord("partial", 0).errors).toMatchObject([{ code: "SINK_BUSY", examples: ["a"] }]);
});

test("a dead letter is told as one, and counted", async () => {
  const { run, told, apply } = await writing("submitted");
  await apply({ type: "die", error });
  expect(told).toEqual([
    ["item:dead", { ...item, error }],
    ["item:changed", { ...item, from: "submitted", to: "dead" }],
  ]);
  expect(run.report.counts.dead).toBe(1);
  expect(run.report.toRecord("partial", 0).errors).toMatchObject([{ code: "SINK_BUSY", count: 1 }]);
});

const malformed = { type: "malformed", contentHash: "f", error } as const;

test.each<[string, LedgerStatus, LedgerEvent, object]>([
  ["proof", "submitted", { type: "proved", documentId: "d" }, { processed: 1 }],
  ["miss", "processed", { type: "missing", at: 1 }, { missing: 1 }],
  ["disappearance", "processed", { type: "vanish" }, { vanished: 1 }],
  ["tombstone", "processed", { type: "tombstone" }, { vanished: 1 }],
  ["deletion", "deleting", { type: "gone" }, { deleted: 1 }],
  ["broken item", "pending", malformed, { dead: 1 }],
])("a %s is counted as that alone", async (_, status, event, counted) => {
  const { run, apply } = await writing(status);
  const before = { ...run.report.counts };
  await apply(event);
  expect(run.report.counts).toEqual({ ...before, ...counted });
});

test("a row that stays where it was is not told as changed", async () => {
  const { told, apply } = await writing("processed");
  await apply({ type: "missing", at: 1 });
  expect(told).toEqual([]);
});
