import { expect, test } from "vitest";
import { exactly, moment } from "./time.ts";
import { beginOfDay, dayIn } from "./zone.ts";

const iso = (at: number) => new Date(at).toISOString();

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
  expect([iso(beginOfDay(day, zone)), iso(beginOfDay(day, zone, 1))]).toEqual([begin, end]);
  expect(dayIn(begin, zone)).toBe(day);
  expect(dayIn(Date.parse(end) - 1, zone)).toBe(day);
  expect(dayIn(Date.parse(begin) - 1, zone)).not.toBe(day);
});

test("what is no day has no beginning", () => {
  expect(beginOfDay("2026-99-01", "UTC")).toBeNaN();
});

test("a time is told in the zone that is named, and in UTC where the browser does not know it", () => {
  const at = "2026-04-30T23:00:00.000Z";
  expect(exactly(at, "Europe/Lisbon")).toBe("1 May 2026, 00:00:00");
  expect(exactly(at, "Mars/Olympus")).toBe("30 Apr 2026, 23:00:00");
  expect(moment(at, Date.parse("2026-05-01T12:00:00Z"), "Europe/Lisbon")).toBe("00:00");
});
