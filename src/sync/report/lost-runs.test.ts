import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { memoryState } from "../../../test/support/memory-state.ts";
import { runRecord } from "../../../test/support/run-record.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { openState } from "../../state/open-state.ts";
import { asItIs } from "./lost-runs.ts";

const running = runRecord({
  runId: "r",
  connectorId: "c",
  startedAt: 1_000,
  endedAt: null,
  outcome: "running",
});
const saved: RunRecord = {
  ...running,
  progress: { savedAt: 5_000, phase: "deliver", delivery: null, waits: null },
};

test("a run that has lost its process is shown as interrupted: its last sign of life, what is left, and what to do", async () => {
  const state = memoryState(new ManualClock());
  await state.saveRun(saved);
  state.countRows = async () => ({
    ...(await memoryState(new ManualClock()).countRows("c")),
    pending: 4,
    submitted: 2,
  });
  expect(await asItIs(state, saved)).toMatchObject({
    outcome: "interrupted",
    endedAt: 5_000,
    counts: { waiting: 4, unproved: 2, failed: 0 },
    errors: [{ code: "RUN_INTERRUPTED", hint: expect.stringContaining("memory-connector sync") }],
  });
  expect(await asItIs(state, { ...running, runId: "s" })).toMatchObject({
    outcome: "interrupted",
    endedAt: 1_000,
  });
  expect(await state.getRun("r")).toEqual(saved);
});

test("a run whose process lives is shown as it is stored, and so is one that has ended", async () => {
  const state = memoryState(new ManualClock());
  await state.lockConnector("c");
  expect(await asItIs(state, saved)).toBe(saved);
  const ended: RunRecord = { ...running, connectorId: "free", outcome: "failed", endedAt: 2_000 };
  expect(await asItIs(state, ended)).toBe(ended);
});

test("whoever works for the connector since later is not the run's process", async () => {
  const state = memoryState(new ManualClock());
  state.holderOf = async () => ({ name: "process 7", since: 9_000, runId: null });
  expect(await asItIs(state, saved)).toMatchObject({ outcome: "interrupted" });
});

test("a run that ends while it is looked at is shown with its end", async () => {
  const state = memoryState(new ManualClock());
  const ended: RunRecord = { ...running, outcome: "success", endedAt: 6_000 };
  await state.saveRun(ended);
  expect(await asItIs(state, saved)).toEqual(ended);
});

test("a run that holds the lock lives, however its clock was set back meanwhile; any other run does not", async () => {
  const clock = new ManualClock(20_000);
  const state = await openState({ backend: "json", path: join(temporaryFolder(), "state.json"), clock });
  onTestFinished(() => state.close());
  await state.lockConnector("c", "r");
  expect(await asItIs(state, saved)).toBe(saved);
  const earlier = { ...saved, runId: "earlier", startedAt: 30_000 };
  expect(await asItIs(state, earlier)).toMatchObject({ runId: "earlier", outcome: "interrupted" });
});

test("a run of another machine, whose locks may not be seen here, is not said to be interrupted", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "state.json");
  const state = await openState({ backend: "json", path });
  onTestFinished(() => state.close());
  const lock = await state.lockConnector("c", "r");
  const locks = join(folder, "state.json.locks");
  const holder = join(locks, readdirSync(locks).find((name) => /^connector_c.+holder$/u.test(name)) ?? "");
  const told = JSON.parse(readFileSync(holder, "utf8"));
  await lock.release();
  const holdsElsewhere = (word: object) => writeFileSync(holder, JSON.stringify({ ...told, ...word }));
  holdsElsewhere({ host: "elsewhere", boot: "another" });
  expect(await asItIs(state, saved)).toBe(saved);
  expect((await state.holderOf("c"))?.name).toContain("whether it lives cannot be seen from here");
  holdsElsewhere({ host: "elsewhere", boot: "another", work: "later" });
  expect(await asItIs(state, saved)).toMatchObject({ outcome: "interrupted" });
  holdsElsewhere({});
  expect(await asItIs(state, saved)).toMatchObject({ outcome: "interrupted" });
});
