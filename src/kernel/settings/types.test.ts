import { expect, test } from "vitest";
import { duration, durationText, logLevel, timeZone } from "./types.ts";

test.each([
  [30, 30_000],
  [0.5, 500],
  ["500ms", 500],
  ["90s", 90_000],
  ["15m", 900_000],
  ["1.5h", 5_400_000],
  ["1d", 86_400_000],
])("the duration %j is %i milliseconds", (written, ms) => {
  expect(duration().parse(written)).toBe(ms);
});

test.each(["", "s", "5", "5 s", "5sec", "-5s", "1e3s", "5m30s", true, null, {}, Number.NaN, "99999999d"])(
  "%j is no duration",
  (written) => {
    expect(duration().safeParse(written).success).toBe(false);
  },
);

test("a duration has the shortest exact spelling in messages", () => {
  expect([0, 1, 1500, 90_000, 900_000, 86_400_000].map(durationText)).toEqual([
    "0ms",
    "1ms",
    "1500ms",
    "90s",
    "15m",
    "1d",
  ]);
});

test.each(["INFO", "info", "Info"])("the level %s is written as users write it", (written) => {
  expect(logLevel().parse(written)).toBe("info");
});

test("only zones that dates can be shown in are zones", () => {
  expect(timeZone().safeParse("Europe/Zurich").success).toBe(true);
  expect(timeZone().safeParse("Europe/Zuerich").success).toBe(false);
});
