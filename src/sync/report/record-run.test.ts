import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { ordinaryRun } from "../run-options.ts";
import { alwaysKept, recordFailedStart } from "./record-run.ts";
import { RunReport } from "./run-report.ts";

const options = ordinaryRun("schedule", 0);
const cause = new ConnectorError("CA_UNREADABLE", "no.pem is no certificate", { hint: "name another" });

test("a run that cannot begin leaves a record with the reason, the newest one, and is told of like any other", async () => {
  const { state, clock, events } = await quickHarness();
  const told: RunRecord[] = [];
  events.on("run:end", ({ record }) => told.push(record));
  const record = await recordFailedStart({ state, clock, events }, "c", options, cause);
  expect(record).toMatchObject({
    runId: options.runId,
    outcome: "failed",
    trigger: "schedule",
    errors: [{ code: "CA_UNREADABLE", message: "no.pem is no certificate", hint: "name another", count: 1 }],
  });
  expect(record.endedAt).not.toBeNull();
  expect(await state.getRun(options.runId)).toEqual(record);
  expect((await state.listRuns({ limit: 1 })).runs).toEqual([record]);
  expect(told).toEqual([record]);
});

test("a run before it that lost its process is closed, as at the start of any run", async () => {
  const { state, clock, events } = await quickHarness();
  const lost = ordinaryRun("schedule", 0);
  const running = new RunReport("c", lost, clock.now()).toRecord("running", null);
  await state.saveRun(running);
  await recordFailedStart({ state, clock, events }, "c", options, cause);
  expect(await state.getRun(lost.runId)).toMatchObject({
    outcome: "interrupted",
    endedAt: running.startedAt,
    errors: [{ code: "RUN_INTERRUPTED" }],
  });
});

test("while another process works for the connector there is none", async () => {
  const { state, clock, events } = await quickHarness();
  const lock = await state.lockConnector("c");
  const refused = recordFailedStart({ state, clock, events }, "c", options, cause);
  await expect(refused).rejects.toMatchObject({ code: "CONNECTOR_LOCKED" });
  expect((await state.listRuns({ limit: 1 })).runs).toEqual([]);
  await lock.release();
});

test("a source that never shows anything new does not fill the history, and what was done stays in it", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a")];
  const first = await sync.run({ trigger: "schedule" });
  for (let quiet = 0; quiet < alwaysKept + 5; quiet += 1) await sync.run({ trigger: "schedule" });
  const { runs, next } = await sync.state.listRuns({ limit: 500 });
  expect(next).toBeNull();
  expect(runs).toHaveLength(alwaysKept + 1);
  expect(runs.at(-1)?.runId).toBe(first.runId);
});
