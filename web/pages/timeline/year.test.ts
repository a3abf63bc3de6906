import { expect, test } from "vitest";
import { cellsOf, heatOf } from "./year.ts";

test.each([
  [2024, 366, { date: "2024-01-01", week: 0, weekday: 0 }],
  [2025, 365, { date: "2025-01-01", week: 0, weekday: 2 }],
  [99, 365, { date: "0099-01-01", week: 0, weekday: 3 }],
])("the year %i has %i days, each in a place of its own", (year, days, first) => {
  const cells = cellsOf(year);
  expect(cells).toHaveLength(days);
  expect(cells[0]).toEqual(first);
  expect(new Set(cells.map(({ week, weekday }) => `${week} ${weekday}`)).size).toBe(days);
  expect(new Set(cells.map(({ date }) => date)).size).toBe(days);
});

test("a single memory is never pale as none, and the fullest day is the darkest", () => {
  expect([heatOf(0, 9), heatOf(1, 1_000), heatOf(500, 1_000), heatOf(9, 9)]).toEqual([0, 1, 2, 4]);
});
