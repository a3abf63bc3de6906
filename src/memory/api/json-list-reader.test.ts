import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonListReader } from "./json-list-reader.ts";

/** Reads a text that comes in pieces of these sizes, in turn. */
function read(text: string, sizes: readonly number[] = [text.length * 4 + 1]) {
  const items: unknown[] = [];
  const reader = new JsonListReader("memories", (item) => items.push(item));
  const bytes = Buffer.from(text);
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  return { items, surroundings: reader.end() };
}

describe("a list of JSON items", () => {
  it("gives the same as JSON.parse, wherever the chunks are cut", () => {
    const documents = fc.record({
      before: fc.dictionary(fc.string(), fc.jsonValue()),
      items: fc.array(fc.jsonValue()),
      after: fc.dictionary(fc.string(), fc.jsonValue()),
      space: fc.constantFrom(undefined, 1, "\t"),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(documents, sizes, ({ before, items, after, space }, cuts) => {
        const document = { before, memories: items, after };
        const text = JSON.stringify(document, null, space);
        expect(read(text, cuts)).toEqual({
          items: JSON.parse(JSON.stringify(items)),
          surroundings: { ...JSON.parse(text), memories: [] },
        });
      }),
    );
  });

  it("is found whatever looks like it elsewhere", () => {
    const text =
      '{"a":[1,2],"b":{"memories":[3]},"c":"\\"memories\\":[4","memories" :\n[5, {"memories":[6]}],"d":[]}';
    expect(read(text, [1])).toEqual({
      items: [5, { memories: [6] }],
      surroundings: { a: [1, 2], b: { memories: [3] }, c: '"memories":[4', memories: [], d: [] },
    });
  });

  it("may come twice, and empty", () => {
    expect(read('{"memories":[1,2],"memories":[ ]}').items).toEqual([1, 2]);
  });

  it("is left in its place when its name is escaped", () => {
    expect(read('{"memor\\u0069es":[1]}')).toEqual({ items: [], surroundings: { memories: [1] } });
  });

  it("may begin with a byte order mark", () => {
    expect(read('\ufeff{"memories":[1]}').items).toEqual([1]);
  });

  it("that is cut off anywhere is a syntax error", () => {
    const text = '{"count":2,"memories":[{"id":"a\\\\"},{"id":"b"}],"next":null}';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        expect(() => read(text.slice(0, length), [7])).toThrow(SyntaxError);
      }),
    );
  });

  it.each([
    "",
    "[",
    "<html>",
    '{"memories":[1,]}',
    '{"memories":[,1]}',
    '{"memories":[{"a":1]}}',
    '{"memories":[1]}}',
  ])("that is not JSON is a syntax error: %s", (text) => {
    expect(() => read(text)).toThrow(SyntaxError);
  });

  it("is given up when a megabyte has come without it", () => {
    const reader = new JsonListReader("memories", () => {});
    const chunk = Buffer.alloc(65_536, "x");
    expect(() => {
      for (let i = 0; i < 17; i++) reader.push(chunk);
    }).toThrow(SyntaxError);
  });

  it("may itself be as long as it likes", () => {
    const items = Array.from({ length: 20_000 }, (_, n) => ({ n, text: "x".repeat(100) }));
    expect(read(JSON.stringify({ memories: items }), [65_536]).items).toHaveLength(items.length);
  });
});
