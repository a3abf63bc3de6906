import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearest } from "./nearest.ts";

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

test("the distance counts insertions, deletions, replacements and swapped neighbours as one each", () => {
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("abc", "")).toBe(3);
  expect(editDistance("abc", "acb")).toBe(1);
  expect(editDistance("kitten", "sitting")).toBe(3);
});

test("the distance is the same both ways, 0 only for equal words, and never more than the longer word", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
      const distance = editDistance(one, other);
      expect(editDistance(other, one)).toBe(distance);
      expect(distance === 0).toBe(one === other);
      expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
    }),
  );
});
