import { expect, test } from "vitest";
import { counted, listed } from "./numbers.ts";
import { duration, fromNow, moment, roughly } from "./time.ts";

test.each([
  [0, "0 s"],
  [-5, "0 s"],
  [6_240, "6.2 s"],
  [48_000, "48 s"],
  [63_000, "1 min 3 s"],
  [13_320_000, "3 h 42 min"],
  [7_200_000, "2 h"],
  [86_400_000, "1 day"],
  [172_800_000, "2 days"],
  [59 * 86_400_000, "59 days"],
  [200 * 86_400_000, "7 months"],
  [35_031 * 86_400_000, "96 years"],
])("%i ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("an estimate says no more than it knows", () => {
  expect(roughly(15 * 60_000 + 20_000)).toBe("about 15 min");
});

test("a moment is as short as it can be and still be clear", () => {
  const now = new Date(2025, 8, 21, 13, 42).getTime();
  expect(moment(new Date(2025, 8, 21, 9, 5).getTime(), now)).toBe("09:05");
  expect(moment(new Date(2025, 7, 1, 9, 5).getTime(), now)).toBe("1 Aug, 09:05");
  expect(moment(new Date(2023, 7, 1, 9, 5).getTime(), now)).toBe("1 Aug 2023");
  expect(fromNow(now + 18 * 60_000, now)).toBe("in 18 min");
  expect(fromNow(now - 60_000, now)).toBe("1 min ago");
});

test("numbers agree with their words", () => {
  expect([counted(1, "memory", "memories"), counted(4391, "memory", "memories")]).toEqual([
    "1 memory",
    "4,391 memories",
  ]);
  expect(listed(["a", "b", "c"])).toBe("a, b and c");
});
