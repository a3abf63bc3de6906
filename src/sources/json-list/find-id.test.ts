import fc from "fast-check";
import { expect, it } from "vitest";
import { exactInteger, findId } from "./find-id.ts";

it.each([
  ['{"id":"b","x":NaN}', "b"],
  ['{"x":{"id":"inner"},"y":["id"],"id":"b"}', "b"],
  ['{"x":"\\"id\\":\\"c\\",","id":"b\\u0021"}', "b!"],
  ['{"\\u0069d":653247040368672768}', "653247040368672768"],
  ['{"id" : 1.0 , "x":Infinity}', "1"],
  ["{'id':'b','x':1}", "b"],
  ["{id:'b'}", "b"],
  ['{"id":"b","x":"never ends', "b"],
  ['{"id":"b","x":y"z","id":"c"', "b"],
  ['{"id":"b","id":"c"}', null],
  ['{"x":NaN}', null],
  ['{"x":"y"z","id":"b"}', null],
  ['{"id":null}', null],
  ['{"id":["b"]}', null],
  ['{"id":"never ends', null],
  ["[1]", null],
  ["", null],
])("the id of %s is %s", (item, id) => {
  expect(findId(Buffer.from(item))).toBe(id);
});

it("is none when its own bytes are no text", () => {
  expect(findId(Buffer.from('{"id":"caf\xe9"}', "latin1"))).toBeNull();
  expect(findId(Buffer.from('{"id":"b","x":"caf\xe9"}', "latin1"))).toBe("b");
});

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
