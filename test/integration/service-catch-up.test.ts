import { join } from "node:path";
import { expect, test } from "vitest";
import { openState } from "../../src/state/open-state.ts";
import { saveSchedules } from "../contract/state-manager-samples.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const hourMs = 3_600_000;

test("due times that passed while the service was down are made up for by one run, and a further restart adds none", async () => {
  const { folder, lightrag, configure } = await makeWorld(4);
  configure(`
state: { path: ./state.db }
connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h } }]
`);
  const first = await startService(folder, "--scheduler-only");
  await endedRuns(folder, 1);
  await first.stop();
  await setSchedulesBack(folder, 3.5 * hourMs);

  const second = await startService(folder, "--scheduler-only");
  const runs = await endedRuns(folder, 2);
  expect(runs.map(({ trigger, outcome }) => [trigger, outcome])).toEqual([
    ["catch_up", "success"],
    ["schedule", "success"],
  ]);
  await second.stop();
  const third = await startService(folder, "--scheduler-only");
  const { connectors } = await cliJson(folder, "list");
  const dueInMs = Date.parse(connectors[0].nextRunAt) - Date.now();
  // The grid of the interval stays: half an hour after a due time that was missed.
  expect(dueInMs).toBeGreaterThan(0);
  expect(dueInMs).toBeLessThanOrEqual(0.5 * hourMs);
  await third.stop();
  expect(await endedRuns(folder, 2)).toHaveLength(2);
  expect(lightrag.documents()).toHaveLength(4);
});

interface ShownRun {
  trigger: string;
  outcome: string;
}

/** The runs of the history, newest first, once there are so many and all have ended. */
function endedRuns(folder: string, count: number): Promise<ShownRun[]> {
  return eventually(async () => {
    const { runs } = (await cliJson(folder, "history")) as { runs: ShownRun[] };
    return runs.length >= count && runs.every(({ outcome }) => outcome !== "running") && runs;
  });
}

/** As if so much time had passed since the service ran last. */
async function setSchedulesBack(folder: string, byMs: number): Promise<void> {
  const state = await openState({ backend: "sqlite", path: join(folder, "state.db") });
  const schedules = await state.listSchedules();
  await saveSchedules(
    state,
    schedules.map((schedule) => ({
      ...schedule,
      anchorAt: schedule.anchorAt - byMs,
      dueAt: schedule.dueAt && schedule.dueAt - byMs,
      lastDueAt: schedule.lastDueAt && schedule.lastDueAt - byMs,
    })),
  );
  await state.close();
}
