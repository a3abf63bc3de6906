import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/kernel/util/clock.ts";
import { EventBus } from "../src/kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../src/schedule/events.ts";
import type { ScheduledConnector } from "../src/schedule/schedule.ts";
import { SchedulerService } from "../src/schedule/scheduler-service.ts";
import { openState } from "../src/state/open-state.ts";
import { runRecord } from "../test/support/run-record.ts";
import { type Figure, median, percentile } from "./support/figures.ts";

const count = 1000;
const idleSeconds = 20;

/** How late 1,000 runs that are due at once are handed out, and what 1,000 idle connectors cost. */
export async function measureScheduler(): Promise<Figure[]> {
  return [await measureLateness(2), await measureLateness(count), await measureIdle()];
}

/** Hourly, at one and the same second, in zones with and without daylight saving. */
function connectorsDueAt(dueAt: number): ScheduledConnector[] {
  const due = new Date(dueAt);
  const cron = `${due.getUTCSeconds()} ${due.getUTCMinutes()} * * * *`;
  const timezones = ["Europe/Berlin", "America/New_York", "UTC"];
  return Array.from({ length: count }, (_, n) => ({
    connectorId: `connector-${n}`,
    schedule: {
      type: "cron",
      cron,
      timezone: timezones[n % timezones.length] ?? "UTC",
      catchUp: "one",
      jitterMs: 0,
    },
  }));
}

async function createScheduler(maxConcurrentConnectors: number) {
  const folder = await mkdtemp(join(tmpdir(), "memory-connector-bench-"));
  const state = await openState({ backend: "sqlite", path: join(folder, "state.db") });
  const events = new EventBus<SchedulerEvents>();
  let runNumber = 0;
  const scheduler = new SchedulerService({
    run: async ({ runId, connectorId }) => {
      await systemClock.sleep(5);
      return runRecord({ runId, connectorId, endedAt: Date.now() });
    },
    store: state,
    clock: systemClock,
    events,
    maxConcurrentConnectors,
    random: Math.random,
    newRunId: () => `run-${++runNumber}`,
  });
  const stop = async () => {
    await scheduler.stop();
    await state.close();
    await rm(folder, { recursive: true });
  };
  return { scheduler, events, stop };
}

async function measureLateness(maxConcurrentConnectors: number): Promise<Figure> {
  const { scheduler, events, stop } = await createScheduler(maxConcurrentConnectors);
  const dueAt = Math.ceil(Date.now() / 1000) * 1000 + 2000;
  const lateness: number[] = [];
  const handedOut = Promise.withResolvers<void>();
  events.on("schedule:dispatch", () => {
    // Read here, not taken from the event: the wait of each connector for those before it counts.
    if (lateness.push(Date.now() - dueAt) === count) handedOut.resolve();
  });
  await scheduler.start(connectorsDueAt(dueAt));
  await handedOut.promise;
  await stop();
  return {
    what: `${count} connectors due at once, ${maxConcurrentConnectors} may run at once: lateness of dispatch, p99`,
    value: percentile(lateness, 0.99),
    unit: "ms",
    // Those that may not run yet wait for the others, which is no fault of the scheduler.
    target: maxConcurrentConnectors < count ? null : { below: 100 },
    details: { medianMs: median(lateness), maxMs: Math.max(...lateness) },
  };
}

async function measureIdle(): Promise<Figure> {
  const { scheduler, stop } = await createScheduler(2);
  await scheduler.start(connectorsDueAt(Date.now() - 60_000));
  await systemClock.sleep(2000);
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await systemClock.sleep(idleSeconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = performance.now() - startedAt;
  await stop();
  return {
    what: `${count} idle scheduled connectors: load on one core`,
    value: ((user + system) / 1000 / elapsedMs) * 100,
    unit: "%",
    target: { below: 0.1 },
    details: { seconds: idleSeconds },
  };
}
