import fc from "fast-check";
import { expect, test } from "vitest";
import { alignedDelay, plausibleDueTime } from "./due-time.ts";

test("whoever asks between two beats wakes at the same one, and a timer that fired a little early does not wake twice", () => {
  expect([1001, 1500, 1980].map((now) => now + alignedDelay(1000, now))).toEqual([2000, 2000, 3000]);
  expect(2000 + alignedDelay(1000, 2000)).toBe(3000);
});

test("nothing is ever waited for longer than the longest wait, and a time that may be right is left alone", () => {
  const time = fc.integer({ min: -1e13, max: 1e13 });
  fc.assert(
    fc.property(time, time, fc.nat(1e10), (dueAt, now, longestMs) => {
      const believed = plausibleDueTime(dueAt, now, longestMs);
      expect(believed - now).toBeLessThanOrEqual(longestMs);
      if (dueAt - now <= longestMs) expect(believed).toBe(dueAt);
    }),
  );
});
