import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { EventBus } from "../../src/kernel/util/event-bus.ts";
import type { AppEvents } from "../../src/runtime/app-events.ts";
import { SharedLimits } from "../../src/runtime/limits/shared-limits.ts";
import { LiveEvents } from "../../src/runtime/live/live-events.ts";
import { Relay } from "../../src/runtime/live/relay.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { makeStore } from "../contract/state-manager-store.ts";

/** What takes part in limits, as in each process on the state. */
async function takePart(state: StateManager) {
  const live = new LiveEvents(new EventBus<AppEvents>(), systemClock);
  const { board, shares: store } = state;
  const relay = new Relay({ board, live, clock: systemClock });
  await relay.start();
  const limits = new SharedLimits({ store, relay, clock: systemClock, id: board.id });
  onTestFinished(async () => {
    await limits.close();
    await relay.stop();
  });
  return limits;
}

/** The parts that are written down. */
async function partsIn(state: StateManager, name: string): Promise<number[]> {
  const parts = await state.shares.change(name, (stored) => stored);
  return parts.map(({ part }) => part).toSorted((a, b) => a - b);
}

const soon = { timeout: 20_000, interval: 20 };

/** Uses a limit until it is told to end. */
function use(begin: (work: () => Promise<void>) => Promise<void>) {
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const over = begin(async () => {
    begun.resolve();
    await end.promise;
  });
  return {
    begun: begun.promise,
    end: async () => {
      end.resolve();
      await over;
    },
  };
}

test.each(["sqlite", "pglite"] as const)(
  "%s: requests to a server are as many as configured over all processes that ask it, and one that is alone has all of them",
  async (backend) => {
    const store = makeStore(backend);
    const states = [await store.open(), await store.open()] as const;
    const [one, two] = [await takePart(states[0]), await takePart(states[1])];
    const rate = { perSecond: 10, burst: 10 };
    const name = "requests http://source 10";
    const first = use((work) => one.withRate("http://source", rate, work));
    await first.begun;
    expect(await partsIn(states[0], name)).toEqual([10]);
    const second = use((work) => two.withRate("http://source", rate, work));
    await second.begun;
    await expect.poll(() => partsIn(states[1], name), soon).toEqual([5, 5]);
    const elsewhere = use((work) => two.withRate("http://other", rate, work));
    await elsewhere.begun;
    expect(await partsIn(states[0], "requests http://other 10")).toEqual([10]);
    await first.end();
    await expect.poll(() => partsIn(states[1], name), soon).toEqual([10]);
    await Promise.all([second.end(), elsewhere.end()]);
    await expect.poll(() => partsIn(states[1], name), soon).toEqual([]);
  },
);

test("documents in flight are never more than configured over all processes, in whatever order they come and go", async () => {
  const store = makeStore("sqlite");
  const states = [await store.open(), await store.open(), await store.open()];
  const limits = await Promise.all(states.map(takePart));
  const never = new AbortController().signal;
  let inFlight = 0;
  let most = 0;
  const counts = await Promise.all(
    limits.map(async (each, index) =>
      each.withPlaces("http://lightrag", 4, async (places) => {
        let sent = 0;
        for (let round = 0; round < 12; round++) {
          const taken = await places.take(3, never);
          inFlight += taken;
          most = Math.max(most, inFlight);
          await systemClock.sleep(20 + 15 * index);
          inFlight -= taken;
          places.free(taken);
          sent += taken;
        }
        return sent;
      }),
    ),
  );
  expect(most).toBeLessThanOrEqual(4);
  expect(most).toBeGreaterThan(1);
  expect(counts.every((sent) => sent >= 12)).toBe(true);
});

test("the part of a process that died is free for the others", async () => {
  const store = makeStore("sqlite");
  const state = await store.open();
  const dead = { process: "gone", place: JSON.stringify(["boot", "pid:[1]", 1, "1"]), part: 6 };
  await state.shares.change("in flight http://lightrag", () => [dead]);
  const limits = await takePart(state);
  const using = use((work) => limits.withPlaces("http://lightrag", 6, work));
  await using.begun;
  await expect.poll(() => partsIn(state, "in flight http://lightrag"), soon).toEqual([6]);
  await using.end();
});
