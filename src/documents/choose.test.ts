import { describe, expect, it } from "vitest";
import { memoryOf } from "../../test/support/sync-harness.ts";
import { readChoice } from "./choose.ts";

const memory = memoryOf("m", {
  type: "Record",
  title: "Fluß",
  transcript: "Met Ada at the river.",
  tags: ["family", "two words", "Café"],
  location: { lat: 50.7374, lon: 7.0982 },
  createdAt: "2026-03-01T08:15:00.000Z",
  placeName: "Bonn",
  segments: [{ speaker: "Ada", startMs: 0, endMs: 1, text: "hello" }],
});
const bare = memoryOf("b", {
  type: "note",
  transcript: "",
  location: null,
  createdAt: "2020-01-01T00:00:00.000Z",
});

describe("an expression chooses", () => {
  it.each([
    ["tag = FAMILY", true, false],
    ['tag = "two words"', true, false],
    ["tag = cafe\u0301", true, false],
    ["tag != family", false, true],
    ["tag contains word", true, false],
    ["type = record", true, false],
    ["not type = record", false, true],
    ['text contains "at the RIVER"', true, false],
    ["text contains fluß", true, false],
    ["title = fluß", true, false],
    ["speaker = ada", true, false],
    ["place = bonn", true, false],
    ["near(50.73, 7.1, 5km)", true, false],
    ["near(50.73, 7.1, 300m)", false, false],
    ["near(-33, 151, 20000km)", true, false],
    ["time >= 2026-03-01", true, false],
    ["time < 2026-03-01T08:15:00Z", false, true],
    ["time <= 2026-03-01T09:15:00+01:00 and time > 2026-02-28", true, false],
    ["tag = x or tag = family and type = note", false, false],
    ["(tag = x or tag = family) and type = record", true, false],
    ["not (tag = family or type = note)", false, false],
    ['tag = "and" or TYPE = note', false, true],
  ])("%s", (expression, ofMemory, ofBare) => {
    const choice = readChoice(expression, "UTC");
    expect([choice(memory), choice(bare)]).toEqual([ofMemory, ofBare]);
  });
});

/** In Berlin, from the last moment before a day to the first one behind it. */
const around = new Map([
  ["before", "2025-12-30T22:59:59.999Z"],
  ["begin", "2025-12-30T23:00:00.000Z"],
  ["noon", "2025-12-31T11:00:00.000Z"],
  ["end", "2025-12-31T22:59:59.999Z"],
  ["after", "2025-12-31T23:00:00.000Z"],
]);

describe("a day is a whole one of the zone", () => {
  it.each([
    ["<=", "before begin noon end"],
    ["<", "before"],
    [">", "after"],
    [">=", "begin noon end after"],
    ["=", "begin noon end"],
    ["!=", "before after"],
  ])("time %s 2025-12-31", (sign, chosen) => {
    const choice = readChoice(`time ${sign} 2025-12-31`, "Europe/Berlin");
    const fits = [...around].filter(([, createdAt]) => choice(memoryOf("m", { createdAt })));
    expect(fits.map(([name]) => name).join(" ")).toBe(chosen);
  });

  it("a time is a moment, whatever the zone", () => {
    const choice = readChoice("time = 2025-12-31T12:00:00+01:00", "Asia/Tokyo");
    const fits = [...around].filter(([, createdAt]) => choice(memoryOf("m", { createdAt })));
    expect(fits.map(([name]) => name)).toEqual(["noon"]);
  });
});

describe("what is no expression is told with its place", () => {
  it.each([
    ["", "has its end at character 1, where not, near, time, or one of tag, type"],
    ["tag", "has its end at character 4, where =, != or contains is expected"],
    ["tag = ", "has its end at character 6, where a text is expected"],
    ["tag = a tag = b", "has tag at character 9, where and, or, or its end is expected"],
    ["colour = red", "has colour at character 1, where"],
    ["(tag = a", "has its end at character 9, where ) is expected"],
    ["time >= 2026-02-30", "has 2026-02-30 at character 9, where a day"],
    ["time >= 2026-02-30T10:00:00Z", "has 2026-02-30T10:00:00Z at character 9, where a day"],
    ["time > soon", "has soon at character 8, where a day"],
    ["time contains 2026", "has contains at character 6, where <, <=, >, >=, =, != is expected"],
    ["near(91, 7, 5km)", "has 91 at character 6, where degrees"],
    ["near(9, 7, 5)", "has 5 at character 12, where a distance"],
    ['tag = "a', "cannot be read at character 6"],
    ["constructor = a", "has constructor at character 1"],
  ])("%s", (expression, problem) => {
    expect(() => readChoice(expression, "UTC")).toThrow(problem);
  });

  it("neither depth nor length stops anything", () => {
    expect(() => readChoice(`${"(".repeat(5_000)}tag = a${")".repeat(4_000)}`, "UTC")).toThrow(
      "nested deeper",
    );
    expect(() => readChoice(`${"not ".repeat(2_000)}tag = a`, "UTC")).toThrow("nested deeper");
    expect(() => readChoice("x".repeat(10_001), "UTC")).toThrow("longer than");
    const many = Array.from({ length: 600 }, (_, n) => `tag = t${n}`).join(" or ");
    expect(readChoice(`${many} or tag=last`, "UTC")(memoryOf("x", { tags: ["last"] }))).toBe(true);
  });
});
