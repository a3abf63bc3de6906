import { expect, test } from "vitest";
import { fileBackends } from "../../src/state/open-state.ts";
import { makeStore } from "../contract/state-manager-store.ts";
import { hourlyConnector, schedulerOn } from "../support/scheduled-runs.ts";
import { SteppedClock } from "../support/stepped-clock.ts";

const hour = 3_600_000;
const connectors = [hourlyConnector("a"), hourlyConnector("b")];

test.each(fileBackends)("due times, pauses and missed runs survive restarts on %s", async (backend) => {
  const clock = new SteppedClock(Date.UTC(2026, 0, 1, 12));
  const store = makeStore(backend);
  /** One life of the process: what it started, and when, in hours and minutes. */
  const live = async (forMs: number, wish?: (service: ReturnType<typeof schedulerOn>) => Promise<void>) => {
    const state = await store.open();
    const service = schedulerOn(state, clock);
    await service.scheduler.start(connectors);
    await clock.advance(0);
    await wish?.(service);
    await clock.advance(forMs);
    await service.scheduler.stop();
    await state.close();
    return service.runs.started;
  };

  expect(await live(1.5 * hour, ({ scheduler }) => scheduler.pause("b"))).toEqual([
    "12:00:00 a schedule",
    "12:00:00 b schedule",
    "13:00:00 a schedule",
  ]);
  await clock.advance(3 * hour);
  expect(await live(hour, ({ scheduler }) => scheduler.resume("b"))).toEqual([
    "16:30:00 a catch_up",
    "17:00:00 a schedule",
    "17:00:00 b schedule",
  ]);
});
