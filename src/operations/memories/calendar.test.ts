import fc from "fast-check";
import { expect, test } from "vitest";
import { unitOf } from "../../state/memory-matches.ts";
import { timeUnitMs } from "../../state/memory-query.ts";
import { localTimeText, periodAt, periodLengths } from "./calendar.ts";

const at = (text: string) => unitOf(Date.parse(text));
const iso = (epochMs: number) => new Date(epochMs).toISOString().replace(":00.000Z", "Z");

test.each([
  ["2025-01-31T23:10:00Z", "day", "UTC", "2025-01-31", "2025-01-31T00:00Z", "2025-02-01T00:00Z"],
  ["2025-01-31T23:10:00Z", "day", "Europe/Berlin", "2025-02-01", "2025-01-31T23:00Z", "2025-02-01T23:00Z"],
  ["2025-03-30T12:00:00Z", "day", "Europe/Berlin", "2025-03-30", "2025-03-29T23:00Z", "2025-03-30T22:00Z"],
  ["2025-10-26T12:00:00Z", "month", "Europe/Berlin", "2025-10", "2025-09-30T22:00Z", "2025-10-31T23:00Z"],
  ["2025-01-01T00:00:00Z", "week", "UTC", "2025-W01", "2024-12-30T00:00Z", "2025-01-06T00:00Z"],
  ["2021-01-03T00:00:00Z", "week", "UTC", "2020-W53", "2020-12-28T00:00Z", "2021-01-04T00:00Z"],
  ["2025-06-01T18:29:00Z", "day", "Asia/Kolkata", "2025-06-01", "2025-05-31T18:30Z", "2025-06-01T18:30Z"],
  ["2025-06-01T18:30:00Z", "day", "Asia/Kolkata", "2025-06-02", "2025-06-01T18:30Z", "2025-06-02T18:30Z"],
  // Zones whose clocks skip midnight or repeat it, and a date that was skipped.
  [
    "2017-10-15T12:00:00Z",
    "day",
    "America/Sao_Paulo",
    "2017-10-15",
    "2017-10-15T03:00Z",
    "2017-10-16T02:00Z",
  ],
  [
    "2018-02-17T12:00:00Z",
    "day",
    "America/Sao_Paulo",
    "2018-02-17",
    "2018-02-17T02:00Z",
    "2018-02-18T03:00Z",
  ],
  ["2011-12-30T12:00:00Z", "day", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00Z", "2011-12-31T10:00Z"],
  ["1969-12-31T23:59:00Z", "month", "UTC", "1969-12", "1969-12-01T00:00Z", "1970-01-01T00:00Z"],
] as const)("%s lies in the %s of %s that is %s", (moment, length, zone, name, from, to) => {
  const period = periodAt(at(moment), length, zone);
  expect([period.name, iso(period.from), iso(period.to)]).toEqual([name, from, to]);
});

test("periods hold their moment, and one ends where the next begins, in any zone and at any time", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "America/St_Johns",
    "Pacific/Apia",
    "America/Sao_Paulo",
  ];
  const moment = fc.integer({ min: -6_000_000_000_000, max: 8_639_999_999_000_000 });
  fc.assert(
    fc.property(
      moment,
      fc.constantFrom(...periodLengths),
      fc.constantFrom(...zones),
      (time, length, zone) => {
        const unit = unitOf(time);
        const period = periodAt(unit, length, zone);
        expect([period.from % timeUnitMs, period.to % timeUnitMs]).toEqual(
          [0, 0].map(() => expect.closeTo(0)),
        );
        expect(period.from).toBeLessThanOrEqual(unit);
        expect(period.to).toBeGreaterThan(unit);
        const before = periodAt(period.from - timeUnitMs, length, zone);
        expect(before.name).not.toBe(period.name);
        expect(before.to).toBeLessThanOrEqual(period.from);
      },
    ),
  );
});

test.each([
  ["2026-04-30T23:00:00Z", "Europe/Lisbon", "2026-05-01T00:00:00+01:00"],
  ["2026-01-15T08:30:00.5Z", "Europe/Lisbon", "2026-01-15T08:30:00.500Z"],
  ["2026-05-01T00:10:00Z", "America/St_Johns", "2026-04-30T21:40:00-02:30"],
])("%s in %s is %s", (moment, zone, text) => {
  expect(localTimeText(Date.parse(moment), zone)).toBe(text);
  expect(Date.parse(text)).toBe(Date.parse(moment));
});
