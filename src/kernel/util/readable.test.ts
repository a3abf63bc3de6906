import { expect, test } from "vitest";
import { plural, readableDuration, readableInstant } from "./readable.ts";

test("durations read as people say them", () => {
  const cases: [number, string][] = [
    [0, "0 ms"],
    [850, "850 ms"],
    [1_500, "1.5 s"],
    [2_000, "2 s"],
    [59_400, "59 s"],
    [185_000, "3 min 05 s"],
    [3_600_000, "1 h"],
    [97_200_000, "1 d 03 h"],
  ];
  for (const [ms, text] of cases) expect(readableDuration(ms)).toBe(text);
});

test("an instant is UTC to the second, and none is a dash", () => {
  expect(readableInstant(Date.parse("2025-03-01T10:20:30.456Z"))).toBe("2025-03-01T10:20:30Z");
  expect(readableInstant(null)).toBe("-");
});

test("counts agree with their noun", () => {
  expect([plural(1, "memory", "memories"), plural(1_200, "memory", "memories"), plural(0, "run")]).toEqual([
    "1 memory",
    "1,200 memories",
    "0 runs",
  ]);
});
