import { expect, test } from "vitest";
import { exactly, moment } from "./time.ts";
import { dayIn, instantOf } from "./zone.ts";

test.each([
  ["2026-05-01", "Europe/Lisbon", "2026-04-30T23:00:00.000Z", "2026-05-01T23:00:00.000Z"],
  ["2026-01-31", "Asia/Kathmandu", "2026-01-30T18:15:00.000Z", "2026-01-31T18:15:00.000Z"],
  // 23 hours.
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
  // 25 hours.
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
  // Its clocks skipped midnight: the day began at one.
  ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"],
])("the day %s of %s begins and ends where its calendar says", (day, zone, begin, end) => {
  expect(dayIn(begin, zone)).toBe(day);
  expect(dayIn(Date.parse(end) - 1, zone)).toBe(day);
  expect(dayIn(Date.parse(begin) - 1, zone)).not.toBe(day);
});

test("a day of the browser is all of its milliseconds, and what is no day stays as it is", () => {
  const [first, last] = [instantOf("2025-09-05", "first"), instantOf("2025-09-05", "last")];
  expect(Date.parse(last) - Date.parse(first)).toBe(86_400_000 - 1);
  expect([dayIn(first), dayIn(last)]).toEqual(["2025-09-05", "2025-09-05"]);
  expect(instantOf("2025-99-05", "first")).toBe("2025-99-05");
});

test.each(["2025-09-05T00:10:00.000Z", "2025-09-05T12:00:00.000Z", "2025-09-05T23:50:00.000Z"])(
  "the day of %s holds it",
  (at) => {
    const [first, last] = [instantOf(dayIn(at), "first"), instantOf(dayIn(at), "last")];
    expect(first <= at && at <= last).toBe(true);
  },
);

test("a time is told in the zone that is named, and in UTC where the browser does not know it", () => {
  const at = "2026-04-30T23:00:00.000Z";
  expect(exactly(at, "Europe/Lisbon")).toBe("1 May 2026, 00:00:00");
  expect(exactly(at, "Mars/Olympus")).toBe("30 Apr 2026, 23:00:00");
  expect(moment(at, Date.parse("2026-05-01T12:00:00Z"), "Europe/Lisbon")).toBe("00:00");
});
