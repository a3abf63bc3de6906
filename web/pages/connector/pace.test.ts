import { expect, test } from "vitest";
import type { ActiveRun } from "../../connectors/connector.ts";
import { run } from "../../connectors/test-connectors.ts";
import { pacesOf } from "./pace.ts";

const { counts, phasesMs } = run();
const now = Date.parse("2025-09-21T13:10:00Z");

test("the pace of a run is what it has proved a minute while it delivered", () => {
  const [pace] = pacesOf([run({ counts: { ...counts, processed: 60 } })], null, now);
  expect(pace).toMatchObject({ perMinute: 90, durationMs: 48_000, proved: 60, isRunning: false });
});

test.each([
  ["has proved nothing", { counts: { ...counts, processed: 0 } }],
  ["has no time of a delivery", { phasesMs: { ...phasesMs, deliver: 0 } }],
])("a run that %s has no pace", (_, change) => {
  expect(pacesOf([run(change)], null, now)[0]?.perMinute).toBeNull();
});

test("the run under way has the pace of its last minute, and lasts until now", () => {
  const startedAt = "2025-09-21T13:00:00.000Z";
  const active = { runId: "run-2", done: 7, documentsPerMinute: 12.5 } as ActiveRun;
  const running = run({ runId: "run-2", startedAt, endedAt: null, outcome: "running" });
  const [before, current] = pacesOf([running, run()], active, now);
  expect(before?.runId).toBe("run-1");
  expect(current).toMatchObject({ isRunning: true, perMinute: 12.5, proved: 7, durationMs: 600_000 });
});
