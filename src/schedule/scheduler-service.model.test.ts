import fc from "fast-check";
import { expect, test } from "vitest";
import {
  cronOf,
  hourlyConnector,
  intervalOf,
  stopAtOnce,
  type TestScheduler,
  testScheduler,
} from "../../test/support/scheduled-runs.ts";

const minute = 60_000;
const hour = 60 * minute;
const ids = ["a", "b", "c"];
const connectors = [
  hourlyConnector("a"),
  hourlyConnector("b", intervalOf(hour, 20 * minute)),
  hourlyConnector("c", cronOf("30 * * * *", "Australia/Lord_Howe")),
];
const maxConcurrentConnectors = 2;

const id = fc.constantFrom(...ids);
const step = fc.oneof(
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3 * hour }) }),
  fc.record({ do: fc.constant("set clock" as const), ms: fc.integer({ min: -6 * hour, max: 6 * hour }) }),
  fc.record({ do: fc.constantFrom("pause", "resume", "trigger", "cancel", "end run"), id }),
  fc.record({ do: fc.constantFrom("restart", "crash") }),
);
type Step = { do: string; id?: string; ms?: number };

/** Plays steps on one scheduler after another; each takes over the store and the clock of the one before. */
class World {
  current: TestScheduler = testScheduler({ maxConcurrentConnectors });
  readonly #dead: TestScheduler[] = [];

  async begin(): Promise<void> {
    const { store, clock } = this.current;
    this.current = testScheduler({ store, clock, maxConcurrentConnectors });
    this.current.runs.endAtOnce = false;
    await this.current.scheduler.start(connectors);
    await clock.advance(0);
  }

  async play({ do: action, id = "", ms = 0 }: Step): Promise<void> {
    const { scheduler, runs, clock, store } = this.current;
    const actions: Record<string, () => unknown> = {
      wait: () => clock.advance(ms),
      "set clock": () => clock.setWallClock(clock.now() + ms),
      pause: () => scheduler.pause(id),
      resume: () => scheduler.resume(id),
      trigger: () => scheduler.status(id).activeRun === null && scheduler.trigger(id),
      cancel: () => scheduler.status(id).activeRun !== null && scheduler.cancel(id),
      "end run": () => runs.end(id),
      restart: () => this.stop().then(() => this.begin()),
      crash: () => {
        // The dead process goes on in this one; what it writes from now on is lost.
        this.#dead.push(this.current);
        store.changeSchedules = async () => [];
        const survivor = Object.assign(testScheduler().store, { states: structuredClone(store.states) });
        this.current = { ...this.current, store: survivor };
        return this.begin();
      },
    };
    await actions[action]?.();
    await clock.advance(0);
  }

  stop(): Promise<void> {
    return stopAtOnce(this.current);
  }

  async end(): Promise<void> {
    await this.stop();
    for (const dead of this.#dead) await stopAtOnce(dead);
  }
}

test("whatever happens, no limit is broken, and every connector that is not paused runs again within its period", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps: Step[]) => {
      const world = new World();
      await world.begin();
      for (const played of steps) {
        await world.play(played);
        expect(world.current.runs.held.size).toBeLessThanOrEqual(maxConcurrentConnectors);
        expect(world.current.scheduler.vitals().alive).toBe(true);
      }

      for (const paused of ids) await world.play({ do: "resume", id: paused });
      const { runs, clock } = world.current;
      runs.endAtOnce = true;
      for (const held of ids) runs.end(held);
      await clock.advance(0);
      for (const held of ids) runs.end(held);
      const before = runs.started.length;
      // A cron schedule may rest for as long as a clock was set back, but for no more than three hours.
      await clock.advance(3 * hour + hour + 20 * minute + 5000);
      const startedIds = runs.started.slice(before).map((line) => line.split(" ")[1]);
      expect(new Set(startedIds)).toEqual(new Set(ids));
      await world.end();
    }),
    { numRuns: 15 },
  );
}, 30_000);
