import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonBytes, readJsonText } from "./json.ts";

describe("JSON from outside", () => {
  it("is what JSON.parse says", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(readJsonText(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it.each([
    [Buffer.from('{"a":"caf\xe9"}', "latin1"), "undecodable", "is not UTF-8 (byte 0xE9 at offset 9)"],
    [Buffer.from("[".repeat(100_000)), "too-deep", "is nested deeper than 512 levels"],
    [Buffer.from('{"a":'), "syntax", "is not JSON"],
    [Buffer.from(""), "syntax", "is not JSON"],
    [
      Buffer.from('{"a":1,"b":[{"c":1,"x":"\\"c\\":","\\u0063":2}]}'),
      "duplicate",
      'names "c" twice in one object',
    ],
    [Buffer.from('{"__proto__":1,"__proto__":2}'), "duplicate", 'names "__proto__" twice in one object'],
  ])("is refused with what is wrong with it: %s", (bytes, fault, problem) => {
    expect(readJsonBytes(bytes)).toEqual({ ok: false, fault, problem });
  });

  it("may begin with a byte order mark, and hold U+FFFD and the same name in different objects", () => {
    const value = { a: { b: "\ufffd" }, b: [{ b: 1 }, { b: 2 }], c: ":{" };
    expect(readJsonBytes(Buffer.from(`\ufeff${JSON.stringify(value)}`))).toEqual({ ok: true, value });
  });
});
