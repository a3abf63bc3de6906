import { expect, it } from "vitest";
import { findId } from "./find-id.ts";

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
