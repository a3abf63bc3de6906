import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { Allowance } from "./allowance.ts";

test("no more is paid for at once than may be in flight", async () => {
  const budget = { documents: 100, characters: null, tokens: null };
  const sync = await quickHarness({ budget, maxInFlight: 2 });
  await pendingRows(
    sync,
    ["a", "b", "c", "d", "e"].map((id) => memoryOf(id)),
  );
  const allowance = new Allowance(await runContext(sync));
  await allowance.extend();
  expect(allowance).toMatchObject({ extendedBy: 2, isSpent: false });
  expect(await allowance.takePending()).toHaveLength(2);
});
