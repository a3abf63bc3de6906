import { expect, test } from "vitest";
import { leftOf, orderOf, placeAfter } from "./run-record.ts";

test("a run comes behind the newest one, whatever the clock said to that", () => {
  expect(placeAfter(undefined, 10)).toEqual({});
  expect(placeAfter({ startedAt: 9 }, 10)).toEqual({});
  const future = { startedAt: 1000 };
  const next = { startedAt: 10, ...placeAfter(future, 10) };
  const afterNext = { startedAt: 11, ...placeAfter(next, 11) };
  expect([future, next, afterNext].map(orderOf)).toEqual([1000, 1001, 1002]);
});

const rows = {
  discovered: 1,
  pending: 10,
  submitting: 100,
  submitted: 1_000,
  failed: 10_000,
  dead: 100_000,
  deleting: 1_000_000,
  processed: 7,
  skipped: 7,
  deleted: 7,
};

test.each([
  ["has done all that it could", { atItsEnd: true, putsOff: false }, { failed: 1_010_111, waiting: 0 }],
  ["has spent the day's budget", { atItsEnd: true, putsOff: true }, { failed: 10_101, waiting: 1_000_010 }],
  ["was ended", { atItsEnd: false, putsOff: false }, { failed: 10_000, waiting: 1_000_111 }],
  ["was ended, its budget spent", { atItsEnd: false, putsOff: true }, { failed: 10_000, waiting: 1_000_111 }],
])("when a run %s, failed is only what it had its turn with", (_, end, counts) => {
  expect(leftOf(rows, end)).toEqual({ ...counts, unproved: 1_000, deadLetters: 100_000 });
});
