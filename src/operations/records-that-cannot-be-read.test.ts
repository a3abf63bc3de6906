import { expect, test } from "vitest";
import { memoryState } from "../../test/support/memory-state.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { getBackfill } from "./backfill/get-backfill.ts";
import type { OperationContext } from "./operation-context.ts";
import { getReconciliation } from "./reconcile/get-reconciliation.ts";

const connectorId = "c";

/** The operations' answers with these records. */
async function shown(backfill: object, reconciliation: object) {
  const state = memoryState(systemClock);
  await state.backfills.save({ connectorId, ...backfill } as never);
  await state.reconciliations.save({ connectorId, ...reconciliation } as never);
  const context = { services: { state, connector: () => undefined } } as unknown as OperationContext;
  const { backfill: asked } = await getBackfill.run(context, { connectorId });
  const { latest, report } = await getReconciliation.run(context, { connectorId });
  return { asked, latest, report };
}

test.each([
  ["have nothing in them", {}, {}],
  [
    "have no times",
    { since: "long ago", until: null },
    { latest: { startedAt: "now" }, report: { startedAt: 1e300 } },
  ],
  [
    "are of another form",
    { since: [] },
    { latest: "latest", report: { startedAt: 1, endedAt: 2, drift: { lost: 3 } } },
  ],
])("records that %s show as none", async (_, backfill, reconciliation) => {
  expect(await shown(backfill, reconciliation)).toEqual({ asked: null, latest: null, report: null });
});

test("a part that cannot be read does not hide the other", async () => {
  const latest = {
    ...{ runId: "r", trigger: "api", repair: false, startedAt: 0, endedAt: null },
    ...{ outcome: "running", error: null },
  };
  const { latest: seen, report } = await shown({}, { latest, report: {} });
  expect([seen?.startedAt, report]).toEqual(["1970-01-01T00:00:00.000Z", null]);
});
