import { expect, test } from "vitest";
import { firstSeen, rowAfter, visibleSpan, withHeld } from "./visible-span.ts";

test.each([
  [
    { top: 100, rowHeight: 50, count: 100_000, height: 1_000 },
    { from: 0, to: 30 },
  ],
  [
    { top: -2_500_000, rowHeight: 50, count: 100_000, height: 1_000 },
    { from: 49_988, to: 50_032 },
  ],
  [
    { top: -4_999_500, rowHeight: 50, count: 100_000, height: 1_000 },
    { from: 99_978, to: 100_000 },
  ],
  [
    { top: -9_000_000, rowHeight: 50, count: 10, height: 1_000 },
    { from: 10, to: 10 },
  ],
  [
    { top: 5_000, rowHeight: 50, count: 10, height: 1_000 },
    { from: 0, to: 0 },
  ],
  [
    { top: 0, rowHeight: 50, count: 0, height: 1_000 },
    { from: 0, to: 0 },
  ],
])("of %o, the rows %o are drawn", (list, span) => {
  expect(visibleSpan(list)).toEqual(span);
});

test("a row that is held is drawn once, in its place", () => {
  const span = { from: 10, to: 20 };
  expect(withHeld(span, null)).toEqual([span]);
  expect(withHeld(span, 19)).toEqual([span]);
  expect(withHeld(span, 3)).toEqual([{ from: 3, to: 4 }, span]);
  expect(withHeld(span, 20)).toEqual([span, { from: 20, to: 21 }]);
});

test("the first row that is seen is one of the list, wherever it is scrolled to", () => {
  const list = { rowHeight: 50, count: 10 };
  expect(firstSeen({ ...list, top: 300 })).toBe(0);
  expect(firstSeen({ ...list, top: -120 })).toBe(3);
  expect(firstSeen({ ...list, top: -9_000 })).toBe(9);
});

test.each([
  ["ArrowDown", 51],
  ["ArrowUp", 49],
  ["PageDown", 58],
  ["PageUp", 42],
  ["Home", 0],
  ["End", 99],
  ["a", null],
])("from row 50 of 100, %s leads to %o", (key, to) => {
  expect(rowAfter(key, { at: 50, count: 100, perPage: 8 })).toBe(to);
});

test("no key leads out of a list", () => {
  for (const key of ["ArrowDown", "PageDown", "End"])
    expect(rowAfter(key, { at: 99, count: 100, perPage: 8 })).toBe(99);
  for (const key of ["ArrowUp", "PageUp", "Home"])
    expect(rowAfter(key, { at: 0, count: 100, perPage: 8 })).toBe(0);
});
