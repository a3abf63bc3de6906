import { describe, expect, it } from "vitest";
import { list } from "./option-values.ts";

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
