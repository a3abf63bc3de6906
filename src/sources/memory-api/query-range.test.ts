import { describe, expect, it } from "vitest";
import { coveredSince, narrowerRanges, rangeOfScope, rangeThatHolds, widerRanges } from "./query-range.ts";

const now = Date.UTC(2026, 0, 31);
const hour = 3_600_000;
const ranges = ["day", "week", "month", "all"] as const;

describe("how far a range of the Memory API reaches", () => {
  it("is certain but for the hour that two clocks may differ", () => {
    expect(ranges.map((range) => (now - coveredSince(range, now)) / hour)).toEqual([23, 167, 719, Infinity]);
  });

  it("is possible with that hour more", () => {
    const held = (age: number) => rangeThatHolds(now - age, now);
    expect([25 * hour, 25 * hour + 1].map(held)).toEqual(["day", "week"]);
    expect([169 * hour, 169 * hour + 1].map(held)).toEqual(["week", "month"]);
    expect([721 * hour, 721 * hour + 1].map(held)).toEqual(["month", "all"]);
    expect(rangeThatHolds(null, now)).toBe("day");
  });

  it("is as far as a scope asks for, and a little more may pass until it is asked", () => {
    const asked = (age: number) => rangeOfScope({ kind: "events", since: now - age }, now);
    expect([0, 24 * hour, 24.5 * hour, 24.5 * hour + 1].map(asked)).toEqual(["day", "day", "day", "week"]);
    expect([168 * hour, 169 * hour, 720 * hour, 721 * hour].map(asked)).toEqual([
      "week",
      "month",
      "month",
      "all",
    ]);
  });

  it("is everything for what is no span of time", () => {
    expect(rangeOfScope({ kind: "everything" }, now)).toBe("all");
    expect(rangeOfScope({ kind: "changes", since: "a mark" }, now)).toBe("all");
  });

  it("orders the ranges", () => {
    expect(ranges.map(narrowerRanges)).toEqual([[], ["day"], ["day", "week"], ["day", "week", "month"]]);
    expect(ranges.map(widerRanges)).toEqual([["week", "month", "all"], ["month", "all"], ["all"], []]);
  });
});
