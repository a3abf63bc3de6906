import { expect, test } from "vitest";
import { JsonStructure, skipString } from "./json-structure.ts";

/** How far a text can be followed: all of it, or up to the sign that cannot stand there. */
function follow(text: string, structure = JsonStructure.inList()) {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    const isString = bytes[at] === 0x22;
    if (!structure.take(bytes[at])) return { structure, refused: at };
    at = isString ? skipString(bytes, at + 1, bytes.length) + 1 : at + 1;
  }
  return { structure, refused: null };
}

test.each([
  '1,"a",null',
  '{"a":1}',
  '{"a" :\t[1,\r\n{"b":null}], "c":"}"}',
  "{a:1}",
  "[a:1]",
  '{"a" "b"',
  '{"a":1:2',
  "[[",
  "[,[",
  "[,,",
  '{"a":{',
  '{"a":"x","b":{},"c":[]}',
])("%s may stand in a list", (text) => {
  expect(follow(text).refused).toBeNull();
});

test.each([
  ['{"a"b', 4],
  ['x"a"', 1],
  ['{}"a"', 2],
  ["{}x", 2],
  ["[]{", 2],
  ['"a"{', 3],
  ['"a":', 3],
  ['["a":', 4],
  ["{,:", 2],
  ["{:", 1],
  ['{"a"::', 5],
  ["{{", 1],
  ["{[", 1],
  ["{,{", 2],
  ["x[", 1],
  ["{]", 1],
  ["[}", 1],
  ["}", 0],
])("in %s what stands at %i cannot stand there", (text, at) => {
  expect(follow(text).refused).toBe(at);
});

test.each([
  ["", 1, false, false, false],
  ["{", 2, true, false, false],
  ['{"a"', 2, false, false, false],
  ['{"a" ', 2, false, false, false],
  ['{"a":', 2, false, true, false],
  ['{"a": ', 2, false, true, false],
  ['{"a":1', 2, false, false, false],
  ['{"a":1,', 2, true, false, false],
  ['{"a":[', 3, false, false, false],
  ['{"a":[1,', 3, false, false, false],
  ['{"a":[]', 2, false, false, true],
  ['{"a":1}', 1, false, false, true],
  ['{"a":1} ', 1, false, false, true],
  ["]", 0, false, false, true],
])(
  "behind %j the depth is %i; before a name: %j, behind a colon: %j, behind a value in brackets: %j",
  (text, depth, isBeforeName, isBehindColon, isBehindValue) => {
    const { structure } = follow(text);
    const { depth: d, isBeforeName: n, isBehindColon: c, isBehindValue: v } = structure;
    expect([d, n, c, v]).toEqual([depth, isBeforeName, isBehindColon, isBehindValue]);
  },
);

test.each([
  [',"count":2}', 0, null],
  ["}", 0, null],
  ["]", 0, 0],
  ["{", 2, 0],
  ['"a"', 1, 0],
])("behind the member of an object comes %s", (text, depth, refused) => {
  const followed = follow(text, JsonStructure.behindMember(1));
  expect([followed.structure.depth, followed.refused]).toEqual([depth, refused]);
});

test("ten thousand lists may be open, and no more", () => {
  expect([9_999, 10_000].map((depth) => follow("[".repeat(depth)).refused)).toEqual([null, 9_999]);
});
