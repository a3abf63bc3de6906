import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { InFlightCalls } from "./in-flight-calls.ts";

/** A call whose end the test decides. */
function openCall() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const made = InFlightCalls.count(() => promise);
  return async () => {
    resolve();
    await made;
  };
}

test("the oldest call of a piece of work is known, and those of others do not count", async () => {
  const clock = new ManualClock();
  const [mine, others] = [new InFlightCalls(clock), new InFlightCalls(clock)];
  await others.during(async () => openCall());
  openCall();
  expect(mine.oldestMs).toBe(0);
  const [endFirst, endSecond] = await mine.during(async () => {
    const first = openCall();
    await Promise.resolve();
    clock.advance(300);
    return [first, openCall()] as const;
  });
  clock.advance(700);
  expect([mine.oldestMs, others.oldestMs]).toEqual([1000, 1000]);
  await endFirst();
  expect(mine.oldestMs).toBe(700);
  await endSecond();
  expect(mine.oldestMs).toBe(0);
});

test("a call that fails is not under way", async () => {
  const calls = new InFlightCalls(new ManualClock());
  const failed = calls.during(() => InFlightCalls.count(() => Promise.reject(new Error("no"))));
  await expect(failed).rejects.toThrow("no");
  expect(calls.oldestMs).toBe(0);
});
