import { expect, test } from "vitest";
import { pendingRows } from "../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { isErased } from "../domain/ledger.ts";
import { knownRows } from "./known-rows.ts";

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
