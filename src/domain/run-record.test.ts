import { expect, test } from "vitest";
import { orderOf, placeAfter } from "./run-record.ts";

test("a run comes behind the newest one, whatever the clock said to that", () => {
  expect(placeAfter(undefined, 10)).toEqual({});
  expect(placeAfter({ startedAt: 9 }, 10)).toEqual({});
  const future = { startedAt: 1000 };
  const next = { startedAt: 10, ...placeAfter(future, 10) };
  const afterNext = { startedAt: 11, ...placeAfter(next, 11) };
  expect([future, next, afterNext].map(orderOf)).toEqual([1000, 1001, 1002]);
});
