import { expect, test } from "vitest";
import { visibleSpan } from "./visible-span.ts";

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
