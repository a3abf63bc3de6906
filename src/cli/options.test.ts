import { describe, expect, it } from "vitest";
import { filePath, list, moment } from "./options.ts";

it.each([
  ["2025-01-31", "2025-01-31"],
  ["2024-02-29T10:00", "2024-02-29T10:00:00.000Z"],
  ["2025-03-01T00:30:00.5+01:00", "2025-02-28T23:30:00.500Z"],
])("the moment %s is %s: a date stays the day that it names", (text, same) => {
  expect(moment(text)).toBe(same);
});

it.each(["2025-02-29", "2026-02-30T10:00:00Z", "2026-04-31", "2026-13-01", "2026-01-01T25:00Z", "yesterday"])(
  "%s is no moment, and not another one either",
  (text) => {
    expect(() => moment(text)).toThrow("It has to be a date");
  },
);

describe("a list of an option", () => {
  it("may come with commas, or option by option", () => {
    expect(list(" a, b,,c")).toEqual(["a", "b", "c"]);
    expect(list("c", ["a", "b"])).toEqual(["a", "b", "c"]);
  });

  it.each(["", " ", ",", " , "])(
    "that names nothing (%j) is a mistake, not everything and not nothing",
    (value) => {
      expect(() => list(value, ["a"])).toThrow("at least one");
    },
  );
});

it("a pipe is no file for an archive or a state, and the mistake says how a file of that name is written", () => {
  expect(() => filePath("-")).toThrow(/not a pipe.*\.\/-/u);
  expect(["./-", "a-b.tar.gz", "--"].map(filePath)).toEqual(["./-", "a-b.tar.gz", "--"]);
});
