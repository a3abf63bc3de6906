import { expect, test } from "vitest";
import { untilNextBeat } from "./beat.ts";

test("whoever asks between two beats wakes at the same one, and a timer that fired a little early does not wake twice", () => {
  expect([1001, 1500, 1980].map((now) => now + untilNextBeat(1000, now))).toEqual([2000, 2000, 3000]);
  expect(2000 + untilNextBeat(1000, 2000)).toBe(3000);
});
