import { expect, test, vi } from "vitest";
import type { ConnectorConfig } from "../../config/config.ts";
import type { App } from "../../runtime/app.ts";
import { overview } from "./serve.ts";

/** An app whose state can list schedules and nothing else. */
function appOf(...configs: object[]) {
  const listSchedules = vi.fn(async () => [
    {
      connectorId: "hourly",
      dueAt: Date.parse("2100-01-01T00:00:00Z"),
      pausedAt: null,
      openRun: null,
      skipped: 0,
    },
    {
      connectorId: "late",
      dueAt: Date.parse("2020-01-01T00:00:00Z"),
      pausedAt: null,
      openRun: null,
      skipped: 0,
    },
    { connectorId: "paused", dueAt: null, pausedAt: 5, openRun: null, skipped: 0 },
  ]);
  const connectors = { configs: () => configs as ConnectorConfig[] };
  return { listSchedules, app: { state: { listSchedules }, connectors } as unknown as App };
}

const every = { type: "interval", everyMs: 18_000_000 };

test("a person who starts the service sees when each connector runs next, and the schedules are read once", async () => {
  const { app, listSchedules } = appOf(
    { id: "hourly", schedule: every, enabled: true },
    { id: "late", schedule: every, enabled: true },
    { id: "paused", schedule: every, enabled: true },
    { id: "off", schedule: { type: "manual" }, enabled: false },
  );
  const text = await overview(app);
  expect(text).toMatch(/hourly\W+every 5 h\W+2100-01-01T00:00:00Z/u);
  expect(text).toMatch(/late\W+every 5 h\W+overdue since 2020-01-01T00:00:00Z/u);
  expect(text).toMatch(/paused\W+every 5 h\W+paused/u);
  expect(text).toMatch(/off\W+manual\W+disabled/u);
  expect(listSchedules).toHaveBeenCalledTimes(1);
});

test("where there is no connector, it is said how to make one", async () => {
  expect(await overview(appOf().app)).toContain("no connector yet");
});
