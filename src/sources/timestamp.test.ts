import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestamp } from "./timestamp.ts";

describe("a time of the source", () => {
  it.each([
    ["2025-12-18T14:30:00Z", "2025-12-18T14:30:00.000Z"],
    ["2025-12-18t14:30:00z", "2025-12-18T14:30:00.000Z"],
    ["2025-12-18T14:30:00", "2025-12-18T14:30:00.000Z"],
    ["2025-12-18 14:30:00.123456", "2025-12-18T14:30:00.123Z"],
    ["2025-12-18T14:30:00.5+02:00", "2025-12-18T12:30:00.500Z"],
    ["2025-12-18T23:30:00-0530", "2025-12-19T05:00:00.000Z"],
    ["2025-12-18T14:30+01", "2025-12-18T13:30:00.000Z"],
    ["2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"],
    ["2025-12-18", "2025-12-18T00:00:00.000Z"],
    [" 2025-12-18T14:30:00Z\n", "2025-12-18T14:30:00.000Z"],
    ["2025-12-18T14:30", "2025-12-18T14:30:00.000Z"],
    ["2025-12-18T14:30:07,1Z", "2025-12-18T14:30:07.100Z"],
    ["2025-12-18T14:30:00.123456789 -00:30", "2025-12-18T15:00:00.123Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
  ])("%s is %s", (text, utc) => {
    expect(parseTimestamp(text)).toBe(utc);
  });

  it.each([
    "",
    "yesterday",
    "2025-02-30T10:00:00Z",
    "2025-13-01T10:00:00Z",
    "2025-12-18T25:00:00Z",
    "2025-12-18T10:61:00Z",
    "2025-12-18T10:00:00+24:00",
    "2025-12-18T10:00:00+01:60",
    "x2025-12-18T10:00:00Z",
    "2025-12-18T10:00:00Zx",
    "2025-12-18T10:00:00 CET",
    "18.12.2025",
    "1766068200",
    "9999-12-31T23:59:59-12:00",
  ])("%o is none", (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it("in RFC 3339 gives the same instant, whatever its offset", () => {
    const instants = fc.date({
      min: new Date(0),
      max: new Date("2200-01-01T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: -23 * 60, max: 23 * 60 }), (instant, offset) => {
        const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${offset < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
        expect(parseTimestamp(local + zone)).toBe(instant.toISOString());
      }),
    );
  });

  it("that is any text at all gives a time or nothing, and never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseTimestamp(text);
        expect(parsed === null || !Number.isNaN(Date.parse(parsed))).toBe(true);
      }),
    );
  });
});
