import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const keys = ["interval_hours", "interval_minutes", "every", "cron", "timezone"];

test.each([
  ["interval_hour", "interval_hours"],
  ["intervalhours", "interval_hours"],
  ["evrey", "every"],
  ["CRON", "cron"],
  ["time_zone", "timezone"],
])("%s is taken for %s", (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});

test.each(["frequency", "x", "", "c".repeat(1000)])("%s is taken for nothing", (word) => {
  expect(nearest(word, keys)).toBeNull();
});
