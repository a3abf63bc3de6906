import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { bringForward, bringImplausibleForward } from "./due.ts";

async function broughtForward(count: number, change: (row: LedgerRow, at: number) => Partial<LedgerRow>) {
  const sync = await quickHarness();
  const rows = await pendingRows(
    sync,
    Array.from({ length: count }, (_, at) => memoryOf(`m${at}`)),
  );
  await sync.state.saveRows(rows.map((row, at) => ({ ...row, ...change(row, at) })));
  await bringForward(await runContext(sync), 1_000);
  const left = await sync.state.pageRows({ connectorId: "c" }, { limit: 1_000 });
  return left.rows;
}

test("only attempts that are later than the given time are brought forward", async () => {
  const rows = await broughtForward(5, (_, at) => ({
    status: at === 4 ? "deleting" : "failed",
    deleteReason: at === 4 ? "update" : null,
    nextAttemptAt: [999, 1_000, 1_001, null, 5_000][at] ?? null,
  }));
  expect(rows.map(({ status, nextAttemptAt }) => [status, nextAttemptAt])).toEqual([
    ["failed", 999],
    ["failed", 1_000],
    ["pending", null],
    ["failed", null],
    ["deleting", null],
  ]);
});

test("all of many are brought forward, and rows of other statuses are left alone", async () => {
  const rows = await broughtForward(251, (_, at) => ({
    status: at === 250 ? "dead" : "failed",
    nextAttemptAt: 5_000,
  }));
  expect(rows.filter(({ status }) => status === "pending")).toHaveLength(250);
  expect(rows.filter(({ status }) => status === "dead")).toHaveLength(1);
});

test("no back-off reaches further than the longest: what is later was written while the clock was ahead", async () => {
  const sync = await quickHarness();
  const rows = await pendingRows(sync, [memoryOf("far"), memoryOf("near")]);
  const longest = sync.clock.now() + sync.settings.retry.maxBackoffMs;
  await sync.state.saveRows(
    rows.map((row, at) => ({
      ...row,
      status: "failed" as const,
      nextAttemptAt: longest + (at === 0 ? 1 : 0),
    })),
  );
  await bringImplausibleForward(await runContext(sync));
  expect([(await sync.row("far")).status, (await sync.row("near")).status]).toEqual(["pending", "failed"]);
});
