import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseRange,
  coveredSince,
  liesOutside,
  narrowestFor,
  rangeReach,
  reachOf,
  scopeOf,
  widerRanges,
} from "./query-range.ts";

const now = Date.UTC(2026, 0, 31);
const hour = 3_600_000;
const day = 24 * hour;
const ranges = rangeReach.map(({ range }) => range);
const width = (range: string) => ranges.indexOf(range as (typeof ranges)[number]);
const configured = fc.constantFrom(...ranges, "auto" as const);
const gaps = fc.integer({ min: 0, max: 400 * day });

describe("the range of a run", () => {
  it.each([
    [1 * hour, "day"],
    [18 * hour, "day"],
    [19 * hour, "week"],
    [6 * day, "week"],
    [7 * day, "month"],
    [27 * day, "month"],
    [28 * day, "all"],
  ])("covers a gap of %i ms with %s when it is automatic", (gap, range) => {
    expect(chooseRange("auto", now - gap, now)).toBe(range);
  });

  it("is everything on the first automatic run, and what the person set on a first run that is not", () => {
    expect(chooseRange("auto", null, now)).toBe("all");
    expect(ranges.map((range) => chooseRange(range, null, now))).toEqual(ranges);
  });

  it("is widened for a gap longer than the configured range", () => {
    expect(chooseRange("day", now - 10 * day, now)).toBe("month");
  });

  it("always covers the gap and its overlap, and is never narrower than configured", () => {
    fc.assert(
      fc.property(configured, gaps, (setting, gap) => {
        const chosen = rangeReach[width(chooseRange(setting, now - gap, now))];
        expect(chosen?.spanMs).toBeGreaterThanOrEqual(gap + (chosen?.overlapMs ?? Number.NaN));
        expect(width(chosen?.range ?? "")).toBeGreaterThanOrEqual(width(setting));
      }),
    );
  });

  it("never becomes narrower when the gap grows", () => {
    fc.assert(
      fc.property(configured, gaps, gaps, (setting, gap, more) => {
        const [shorter, longer] = [gap, gap + more].map((ms) => width(chooseRange(setting, now - ms, now)));
        expect(longer).toBeGreaterThanOrEqual(shorter ?? Number.NaN);
      }),
    );
  });

  it("is everything when the clock was set back behind the watermark, but not for a little skew", () => {
    expect(chooseRange("day", now + 2 * hour, now)).toBe("all");
    expect(chooseRange("auto", now + 5 * 60_000, now)).toBe("day");
  });

  it("is everything when the watermark is no number", () => {
    expect(chooseRange("day", Number.NaN, now)).toBe("all");
  });
});

describe("wider ranges", () => {
  it("are those that reach further back, the next one first", () => {
    expect(widerRanges("day")).toEqual(["week", "month", "all"]);
    expect(widerRanges("all")).toEqual([]);
  });
});

describe("how far a range reaches", () => {
  it("is certain but for the hour that two clocks may differ", () => {
    expect(ranges.map((range) => (now - coveredSince(range, now)) / hour)).toEqual([23, 167, 719, Infinity]);
    expect(ranges.map((range) => reachOf(range) / hour)).toEqual([23, 167, 719, Infinity]);
  });

  it("says which range is certain to show a memory", () => {
    const narrowest = (age: number) => narrowestFor(now - age, now);
    expect([23 * hour - 1, 23 * hour, 167 * hour, 719 * hour].map(narrowest)).toEqual([
      "day",
      "week",
      "month",
      "all",
    ]);
  });

  it("says what lies outside of a fixed range; of auto and all nothing does", () => {
    expect(liesOutside("day", now - day, now)).toBe(false);
    expect(liesOutside("day", now - day - 1, now)).toBe(true);
    expect(liesOutside("all", 0, now)).toBe(false);
    expect(liesOutside("auto", 0, now)).toBe(false);
  });

  it("asks the source for all that it covers, and for everything where it has no end", () => {
    expect(ranges.map((range) => scopeOf(range, now))).toEqual([
      { kind: "events", since: now - day },
      { kind: "events", since: now - 7 * day },
      { kind: "events", since: now - 30 * day },
      { kind: "everything" },
    ]);
  });

  it("covers nothing where only changes were asked for", () => {
    expect(coveredSince("changes", now)).toBe(Number.POSITIVE_INFINITY);
  });

  it("orders the ranges", () => {
    expect(ranges.map(widerRanges)).toEqual([["week", "month", "all"], ["month", "all"], ["all"], []]);
  });
});
