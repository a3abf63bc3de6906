import { expect, onTestFinished, test } from "vitest";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { Ticker } from "./ticker.ts";

const heartbeatMs = 5000;

function startTicker(due: number[] = []) {
  const clock = new SteppedClock(0);
  const ticks: number[] = [];
  const failures: unknown[] = [];
  const work = { fails: false };
  const ticker = new Ticker({
    clock,
    heartbeatMs,
    earliest: () => due.find((at) => at > clock.now()) ?? null,
    tick: () => {
      ticks.push(clock.now());
      if (work.fails) throw new Error("a defect");
    },
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(() => ticker.stop());
  ticker.start();
  return { clock, ticks, ticker, due, work, failures };
}

test("it ticks at once, when something is due, and at every heartbeat", async () => {
  const { clock, ticks } = startTicker([700, 6000]);
  await clock.advance(12_000);
  expect(ticks).toEqual([0, 700, 5700, 6000, 11_000]);
});

test("it wakes for something that became due sooner than it would have woken, and for nothing else", async () => {
  const { clock, ticks, ticker, due } = startTicker();
  await clock.advance(1000);
  ticker.wakeBy(9000);
  ticker.wakeBy(null);
  await clock.advance(1000);
  expect(ticks).toEqual([0]);
  due.push(2500);
  ticker.wakeBy(2500);
  await clock.advance(0);
  await clock.advance(1000);
  expect(ticks).toEqual([0, 2000, 2500]);
});

test("a tick that fails is told, does not count as one, and is not repeated in haste", async () => {
  const { clock, ticks, ticker, work, failures } = startTicker([100, 200, 300]);
  work.fails = true;
  await clock.advance(heartbeatMs);
  expect(failures).toHaveLength(1);
  expect(ticker.idleMs()).toBe(heartbeatMs);
  work.fails = false;
  await clock.advance(heartbeatMs);
  expect(ticks).toEqual([0, 100, 5100]);
});

test("after it was stopped it does not tick", async () => {
  const { clock, ticks, ticker } = startTicker([100]);
  await ticker.stop();
  await clock.advance(20_000);
  expect(ticks).toEqual([0]);
});
