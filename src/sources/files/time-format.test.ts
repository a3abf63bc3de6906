import { expect, test } from "vitest";
import { timeReader } from "./time-format.ts";

const zone = "Europe/Berlin";
const read = (format: string, value: unknown) => timeReader(format)?.(value, zone) ?? null;
const morning = "2026-03-01T07:15:00.000Z";

test.each([
  ["2026-03-01T08:15:00+01:00", morning],
  ["2026-03-01 08:15", morning],
  ["1.3.2026 8:15", morning],
  ["01.03.2026, 08:15:00", morning],
  [1772349300, morning],
  ["1772349300.5", "2026-03-01T07:15:00.500Z"],
  [1772349300000, morning],
  ["1772349300000000", morning],
  ["1772349300000000000", morning],
  ["2026-03-01", "2026-02-28T23:00:00.000Z"],
  ["03/01/2026", null],
  ["soon", null],
  [20260301, null],
  ["30.02.2026", null],
])("auto reads %j as %s", (value, time) => {
  expect(read("auto", value)).toBe(time);
});

test.each([
  ["dd/MM/yyyy HH:mm", "01/03/2026 08:15", morning],
  ["M/d/yy, h:mm a", "3/1/26, 8:15\u202fAM", morning],
  ["M/d/yy, h:mm a", "3/1/26, 12:15 a.m.", "2026-02-28T23:15:00.000Z"],
  ["yyyy-MM-dd HH.mm", "2026-03-01 08.15", morning],
  ["d MMM yyyy HH:mm", "1 Mar 2026 08:15", morning],
  ["d'st of' MMMM yyyy", "1st of March 2026", "2026-02-28T23:00:00.000Z"],
  ["yyyyMMddHHmmss.SSSXXX", "20260301081500.250+0100", "2026-03-01T07:15:00.250Z"],
  ["epoch_s", "1772349300,75", "2026-03-01T07:15:00.750Z"],
  ["epoch_us", 1772349300123456, "2026-03-01T07:15:00.123Z"],
  ["excel", 46082.34375, morning],
  ["dd/MM/yyyy", "32/01/2026", null],
  ["h:mm a d.M.yyyy", "13:15 pm 1.3.2026", null],
])("%s reads %j as %s", (format, value, time) => {
  expect(read(format, value)).toBe(time);
});

test("what clocks show twice is the first of both, and what they leave out is as if they had gone on", () => {
  expect(read("auto", "25.10.2026 02:30")).toBe("2026-10-25T00:30:00.000Z");
  expect(read("auto", "29.03.2026 02:30")).toBe("2026-03-29T01:30:00.000Z");
});

test.each(["HH:mm", "yyyy-MM", "nonsense", "h:mm d.M.yyyy", "yyyy-MM-dd yyyy"])(
  "%j is no format",
  (format) => {
    expect(timeReader(format)).toBeNull();
  },
);
