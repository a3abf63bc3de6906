import { expect, test, vi } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import type { Logger } from "../../observe/logs.ts";
import { superviseLoop } from "./background-work.ts";

test("work in the background that fails is logged and begins anew after a rest, until it is stopped", async () => {
  const clock = new ManualClock();
  const log = { error: vi.fn() };
  const stopping = new AbortController();
  let begun = 0;
  const work = async () => {
    begun += 1;
    if (begun === 3) stopping.abort();
    throw new Error(`failure ${begun}`);
  };
  await superviseLoop(work, { clock, log: log as unknown as Logger }, stopping.signal);
  expect(begun).toBe(3);
  expect(clock.sleeps).toEqual([60_000, 60_000]);
  expect(log.error.mock.calls.map(([{ error }]) => error)).toEqual([
    expect.stringContaining("failure 1"),
    expect.stringContaining("failure 2"),
  ]);
});
