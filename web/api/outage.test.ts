import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isOutage, Outage } from "./outage.ts";
import { asProblem, serviceAway } from "./problem.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A service that answers when it is looked at for the `nth` time, and from then on. */
function looks(nth: number) {
  const look = vi.fn(async () => look.mock.calls.length >= nth);
  return look;
}

test("what failed by an outage is done again once the service answers, each once", async () => {
  const look = looks(3);
  const outage = new Outage(look);
  const again = vi.fn();
  const other = vi.fn();
  outage.whenBack(again);
  outage.whenBack(again);
  outage.whenBack(other);
  await vi.advanceTimersByTimeAsync(3_500);
  expect(again).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([again.mock.calls.length, other.mock.calls.length, look.mock.calls.length]).toEqual([1, 1, 3]);
});

test("what somebody has left is not done again, and nobody looks for it", async () => {
  const look = looks(1);
  const outage = new Outage(look);
  const again = vi.fn();
  outage.whenBack(again)();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([again.mock.calls.length, look.mock.calls.length]).toEqual([0, 0]);
});

test("an answer of another request ends the outage at once", () => {
  const outage = new Outage(looks(9));
  const again = vi.fn();
  outage.whenBack(again);
  outage.isOver();
  expect(again).toHaveBeenCalledTimes(1);
});

test("what fails for ever while the service answers is asked for ever more seldom, whatever else is answered", async () => {
  const outage = new Outage(looks(1));
  const tries = vi.fn(() => void outage.whenBack(tries));
  outage.whenBack(tries);
  for (let second = 0; second < 600; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    outage.answered();
  }
  expect(tries.mock.calls.length).toBeLessThan(50);
  expect(tries.mock.calls.length).toBeGreaterThan(30);
});

test("what fails again waits again", async () => {
  const outage = new Outage(looks(1));
  const tries = vi.fn(() => {
    if (tries.mock.calls.length < 3) outage.whenBack(tries);
  });
  outage.whenBack(tries);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tries).toHaveBeenCalledTimes(3);
});

test("an outage is that the service does not answer, and no refusal", () => {
  expect([isOutage(serviceAway()), isOutage(asProblem(new Error("x"))), isOutage(null)]).toEqual([
    true,
    false,
    false,
  ]);
});
