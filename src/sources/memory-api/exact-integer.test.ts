import fc from "fast-check";
import { expect, it } from "vitest";
import { exactInteger } from "./exact-integer.ts";

it.each([
  ["653247040368672768", "653247040368672768"],
  ["-653247040368672769", "-653247040368672769"],
  ["6.53247040368672768e17", "653247040368672768"],
  ["1.0", "1"],
  ["-0", "0"],
  ["0.0e5", "0"],
  ["100e-2", "1"],
  ["1e63", `1${"0".repeat(63)}`],
  ["1e64", null],
  ["1e400", null],
  ["1.5", null],
  ["1e-1", null],
  ["NaN", null],
  ["0x10", null],
  ["", null],
])("%s is the whole number %s", (literal, expected) => {
  expect(exactInteger(literal)).toBe(expected);
});

it("keeps every digit of every whole number that may be an id", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), (number) => {
      expect(exactInteger(`${number}`)).toBe(`${number}`);
      expect(exactInteger(`${number}.0`)).toBe(`${number}`);
    }),
  );
});
