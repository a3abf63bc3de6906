import { describe, expect, it } from "vitest";
import {
  endBeforeComma,
  findBeginning,
  findClosing,
  followObject,
  ItemRescan,
  isCutByBrace,
} from "./find-items.ts";

const span = (text: string, from = 0) => ({ bytes: Buffer.from(text), from, to: Buffer.byteLength(text) });

describe("where the next item may begin", () => {
  const name = (length: number) => `,{"${"n".repeat(length)}":1`;

  it.each([
    [',{"id":1', 1],
    [', \n{ "id" : 1', 3],
    ['}{"id":1', 1],
    ['x,{a:1},{"id":1', 8],
    [',{"a\\"b\\\\":1', 1],
    [',{"a\nb":1', 1],
    [name(251), 1],
  ])("in %j is at %i", (text, found) => {
    expect(findBeginning(span(text), { floor: 0, limit: text.length })).toEqual({ found });
  });

  it.each([
    ",",
    '{"id":1',
    ' {"id":1',
    'x{"id":1',
    ']{"id":1',
    '":{"id":1',
    ",{id:1",
    ',{"id"x:1',
    ',{"id"}',
    ',{"id",',
    ",{}",
    name(300),
    name(260).slice(0, 257),
  ])("is nowhere in %j", (text) => {
    expect(findBeginning(span(text), { floor: 0, limit: text.length })).toEqual({ undecided: text.length });
  });

  it.each([",{", ', { "', ',{"i', ',{"i\\', ',{"i\\"', ',{"i" ', name(250).slice(0, 200)])(
    "is not decided yet at the end of %j",
    (text) => {
      const undecided = text.indexOf("{");
      expect(findBeginning(span(text), { floor: 0, limit: text.length })).toEqual({ undecided });
    },
  );

  it("is behind where the look begins, and before the limit; what stands before the floor does not count", () => {
    const text = ',{"a":1},{"b":2}';
    expect(findBeginning(span(text, 2), { floor: 0, limit: text.length })).toEqual({ found: 9 });
    expect(findBeginning(span(text, 2), { floor: 0, limit: 9 })).toEqual({ undecided: 9 });
    expect(findBeginning(span(text, 2), { floor: 0, limit: 10 })).toEqual({ found: 9 });
    expect(findBeginning(span(text), { floor: 1, limit: text.length })).toEqual({ found: 9 });
    expect(findBeginning(span(text), { floor: 9, limit: text.length })).toEqual({ undecided: text.length });
  });
});

describe("an object", () => {
  it.each([
    ['{"a":1}', 7, 7],
    ['{"a":1} \n', 7, 7],
    ['{"a":1},', 7, 7],
    ['{"a":1} ]', 7, 7],
    ['{"a":1}{', 7, 7],
    ['{"a":"}\\""}', 11, 11],
    ['{"a":{"b":[]}}', 14, 14],
    ['{"a":1} x', null, 7],
    ['{"a":1}}', null, 7],
    ['{"a":1', null, 6],
    ['{"a"b', null, 4],
    ['{"a', null, 4],
  ])("%s ends at %j, and was followed to %i", (text, end, at) => {
    expect(followObject(span(text))).toEqual({ end, at });
  });

  it("that a brace too many has cut apart is told from two", () => {
    const cut = (object: string, behind: string) => isCutByBrace(Buffer.from(object), Buffer.from(behind));
    expect(cut('{"a":1}', ',"b":2}')).toBe(true);
    expect(cut('{"a":{}}', ',"b":2}')).toBe(true);
    expect(cut('{"a":1}', ',{"b":2}')).toBe(false);
  });

  it.each([
    ["ab , \n", 2],
    ["ab,,", 2],
    ["ab", 2],
    ["a,b", 3],
    [" ,", 0],
  ])("before %j ends at %i", (text, end) => {
    expect(endBeforeComma(Buffer.from(text), 0, text.length)).toBe(end);
  });

  it("does not end before it begins", () => {
    expect(endBeforeComma(Buffer.from(",,,,"), 2, 4)).toBe(2);
  });
});

describe("the end of a list is the last bracket that completes the answer", () => {
  const closing = (text: string, behind: string, from = 0) =>
    findClosing(span(text, from), (bytes) => bytes.toString() === behind);

  it.each([
    ["a]b]c]", "]b]c]", 0, 1],
    ["a]b]c]", "]c]", 0, 3],
    ["a]b]c]", "]", 0, 5],
    ["]a", "]a", 0, 0],
    ["a]b]c]", "]b]c]", 1, 1],
    ["a]b]c]", "]b]c]", 2, null],
    ["abc", "", 0, null],
    ["]".repeat(8), "]".repeat(8), 0, 0],
    ["]".repeat(9), "]".repeat(9), 0, null],
  ])("in %s, completed by %s, from %i on, is at %j", (text, behind, from, at) => {
    expect(closing(text, behind, from)).toBe(at);
  });
});

describe("a second look", () => {
  const isItem = (bytes: Buffer) => bytes.includes('"id"');
  const text = '{"x":[{"no":1},{"id":1} x,{"id":2},{"id":3}';

  it("finds the first whole item in a broken one, before a limit", () => {
    const look = new ItemRescan(isItem);
    expect(look.findItem(span(text), text.length)).toBe(text.indexOf('{"id":2}'));
    expect(look.findItem(span(text), text.indexOf('{"id":2}'))).toBeNull();
    expect(look.findItem(span('{"id":1},'), 9)).toBeNull();
    expect(look.findItem(span(`,${text}`, 1), text.length)).toBe(1 + text.indexOf('{"id":2}'));
  });

  it("costs what it looks at, and is allowed only so often for what has come", () => {
    const look = new ItemRescan(isItem);
    look.receive(100);
    expect(look.work).toBe(100);
    look.findItem(span(',{"id":1}'), 9);
    expect(look.work).toBe(108);
    look.spend(64 * 1024 + 800 - 8 - 1);
    expect(look.isAllowed).toBe(true);
    look.spend(1);
    expect(look.isAllowed).toBe(false);
    expect(look.findItem(span(text), text.length)).toBeNull();
    look.receive(1);
    expect(look.isAllowed).toBe(true);
  });
});
