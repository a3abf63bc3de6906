import { expect, test } from "vitest";
import { pendingRows } from "../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { isErased } from "../domain/ledger.ts";
import { eraseListed, knownRows } from "./known-rows.ts";

const scope = { connectorId: "c", contextId: "CTX" };

test("a memory that stays erased shows as an erased row that was never saved, others that nobody knows do not", async () => {
  const sync = await quickHarness();
  await pendingRows(sync, [memoryOf("b")]);
  await sync.state.erasures.add({ ...scope, memoryId: "a" }, 0);
  const rows = await knownRows(sync, scope, ["a", "b", "x"]);
  expect([...rows.keys()].sort()).toEqual(["a", "b"]);
  expect(rows.get("a")).toMatchObject({ ...scope, version: 0, fileSource: "a@CTX.md" });
  expect(isErased(rows.get("a"))).toBe(true);
  expect(isErased(rows.get("b"))).toBe(false);
});

test("a row that this connector has already is not erased by another connector of the source", async () => {
  const sync = await quickHarness();
  await pendingRows(sync, [memoryOf("a")]);
  for (const connectorId of ["c", "other"]) await sync.state.erasures.reads(connectorId, "source");
  for (const memoryId of ["a", "b"])
    await sync.state.erasures.add({ ...scope, connectorId: "other", memoryId }, 0);
  const shown = async () => [...(await knownRows(sync, scope, ["a", "b"])).values()].map(isErased);
  expect(await shown()).toEqual([false, true]);
  const changed: unknown[] = [];
  const ledger = {
    apply: async (changes: readonly unknown[]) => {
      changed.push(...changes);
      return [];
    },
  };
  await eraseListed({ state: sync.state, ledger }, scope, ["a", "b"]);
  expect(changed).toEqual([]);
  await sync.state.erasures.add({ ...scope, memoryId: "a" }, 0, "other");
  expect(await shown()).toEqual([true, true]);
  await eraseListed({ state: sync.state, ledger }, scope, ["a", "b"]);
  expect(changed).toMatchObject([{ row: { memoryId: "a" }, event: { type: "erase" } }]);
});
