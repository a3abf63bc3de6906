import { expect, test } from "vitest";
import { quickDriftWorld } from "../../../test/support/drift-world.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { closeInterrupted, recordUnbegunReconciliation } from "./record-reconciliation.ts";

/** A world, what is stored of its comparisons, and what was told of them. */
async function world() {
  const drift = await quickDriftWorld(2);
  const told: string[] = [];
  for (const type of ["drift:started", "drift:checked", "drift:failed"] as const)
    drift.events.on(type, () => told.push(type));
  const stored = () => drift.state.reconciliations.get("c");
  return { ...drift, told, stored };
}

test("one that is under way is stored as such, and one that ended with what it has found", async () => {
  const { parts, reconcile, stored, told } = await world();
  const list = parts.source.list.bind(parts.source);
  let meanwhile: unknown;
  parts.source.list = async function* (...request) {
    meanwhile = await stored();
    yield* list(...request);
  };
  const report = await reconcile({ runId: "r1", trigger: "api" });
  const latest = { runId: "r1", trigger: "api", repair: false, startedAt: report.startedAt, error: null };
  expect(meanwhile).toEqual({
    ...{ connectorId: "c", startedAt: null, report: null },
    latest: { ...latest, outcome: "running", endedAt: null },
  });
  expect(await stored()).toEqual({
    ...{ connectorId: "c", startedAt: report.startedAt, report },
    latest: { ...latest, outcome: "success", endedAt: expect.any(Number) },
  });
  expect(told).toEqual(["drift:started", "drift:checked"]);
});

test.each([
  ["failed", new ConnectorError("SOURCE_UNREACHABLE", "gone")],
  ["cancelled", new ConnectorError("CANCELLED", "on request")],
])("one that is %s says why, and what the last one has found stays", async (outcome, thrown) => {
  const { parts, reconcile, stored, told } = await world();
  const report = await reconcile();
  told.length = 0;
  parts.sink.connect = async () => {
    throw thrown;
  };
  await expect(reconcile({ runId: "r2", repair: true })).rejects.toBe(thrown);
  expect(await stored()).toMatchObject({
    report,
    latest: { runId: "r2", repair: true, outcome, error: { code: thrown.code, message: thrown.message } },
  });
  expect(told).toEqual(["drift:started", "drift:failed"]);
});

test("one that cannot begin is found by its id, and one that has begun keeps what it said of itself", async () => {
  const { parts, reconcile, stored } = await world();
  const begun = { runId: "r3", trigger: "api", repair: false } as const;
  const cause = new ConnectorError("CONNECTOR_LOCKED", "another process is at work");
  await recordUnbegunReconciliation(parts, "c", begun, cause);
  expect(await stored()).toMatchObject({
    startedAt: null,
    latest: { runId: "r3", outcome: "failed", error: { code: "CONNECTOR_LOCKED" } },
  });
  await reconcile({ runId: "r3" });
  await recordUnbegunReconciliation(parts, "c", begun, cause);
  expect(await stored()).toMatchObject({ latest: { runId: "r3", outcome: "success", error: null } });
});

test("one whose process has died is closed as interrupted, and one that is at work is not", async () => {
  const { parts, state, reconcile, stored } = await world();
  const report = await reconcile();
  const known = await stored();
  await state.reconciliations.save({
    ...{ connectorId: "c", startedAt: report.startedAt, report },
    latest: { ...known!.latest!, runId: "r4", outcome: "running", endedAt: null },
  });
  const lock = await state.lockConnector("c");
  await closeInterrupted(parts, "c");
  expect(await stored()).toMatchObject({ latest: { outcome: "running" } });
  await lock.release();
  await closeInterrupted(parts, "c");
  expect(await stored()).toMatchObject({ report, latest: { runId: "r4", outcome: "interrupted" } });
  expect((await stored())?.latest?.endedAt).not.toBeNull();
});
