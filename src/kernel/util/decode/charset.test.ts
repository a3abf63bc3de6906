import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { charsetOf, isKnownCharset, Utf8Stream } from "./charset.ts";
import { decodeUtf8 } from "./utf8.ts";

function convert(bytes: Buffer, label: string | null, size = 1): Buffer {
  const stream = new Utf8Stream(label);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size)
    parts.push(Buffer.from(stream.push(bytes.subarray(at, at + size))));
  return Buffer.concat([...parts, stream.end()]);
}

const utf16 = (text: string, isBigEndian = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return isBigEndian ? bytes.swap16() : bytes;
};

describe("the charset of a Content-Type", () => {
  it.each([
    ["application/json; charset=ISO-8859-1", "iso-8859-1"],
    ['application/json;boundary=x; Charset = "utf-16"', "utf-16"],
    ["application/json", null],
    ["application/json; charset=", null],
    [undefined, null],
  ])("%s is %s", (type, charset) => {
    expect(charsetOf(type)).toBe(charset);
  });

  it("is known or not", () => {
    for (const label of ["utf8", "latin1", "windows-1252", "shift_jis", "gb18030", "utf-16", "us-ascii"])
      expect(isKnownCharset(label)).toBe(true);
    for (const label of ["utf-7", "klingon", "", "replacement"]) expect(isKnownCharset(label)).toBe(false);
    expect(() => new Utf8Stream("klingon")).toThrow(RangeError);
  });
});

describe("a text in any charset comes out in UTF-8", () => {
  it.each([
    ["iso-8859-1", Buffer.from("caf\xe9 na\xefve", "latin1"), "café naïve"],
    ["windows-1252", Buffer.from([0x80, 0x93, 0xe9]), "€“é"],
    ["shift_jis", Buffer.from([0x83, 0x5c, 0x93, 0xfa, 0x96, 0x7b]), "ソ日本"],
    ["gb18030", Buffer.from([0xd6, 0xd0, 0xce, 0xc4, 0x81, 0x30, 0x81, 0x30]), "中文\u0080"],
    ["utf-16le", utf16("{a 😀 é"), "{a 😀 é"],
    ["utf-16be", utf16("{a 😀 é", true), "{a 😀 é"],
    ["utf-16", utf16("{a 😀", true), "{a 😀"],
    [null, utf16("{a 😀"), "{a 😀"],
    [null, utf16("{a 😀", true), "{a 😀"],
    ["utf-8", utf16("\ufeff{a"), "{a"],
    ["utf-8", utf16("\ufeff{a", true), "{a"],
    ["iso-8859-1", Buffer.from("\ufeff{é"), "{é"],
    ["us-ascii", Buffer.from("{é"), "{é"],
    [null, Buffer.from("{"), "{"],
    [null, Buffer.alloc(0), ""],
  ] as const)("%s, wherever the chunks are cut", (label, bytes, text) => {
    for (const size of [1, 2, 3, 1000]) expect(decodeUtf8(convert(bytes, label, size))).toBe(text);
  });

  it("with nothing added or lost, for every text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (text, big, size) => {
          const bytes = utf16(`{}${text}`, big);
          expect(convert(bytes, big ? "utf-16be" : "utf-16le", size).toString()).toBe(`{}${text}`);
        },
      ),
    );
  });
});

describe("what is no character", () => {
  it.each([
    ["shift_jis", Buffer.from([0x61, 0x62, 0x63, 0x64, 0xfd, 0x65])],
    ["utf-16le", utf16("abcd\ud800e")],
    ["utf-16be", utf16("abcd\udc00e", true)],
    ["utf-16le", Buffer.concat([utf16("abcd"), Buffer.from([0x65])])],
    ["utf-8", Buffer.from("abcd\xe9e", "latin1")],
  ])("in %s makes the text undecodable, and is never replaced", (label, bytes) => {
    for (const size of [1, 3, 1000]) {
      const converted = convert(bytes, label, size);
      expect(decodeUtf8(converted)).toBeNull();
      expect(converted.toString("latin1")).toMatch(/^abcd/u);
      expect(converted.includes(Buffer.from("\ufffd"))).toBe(false);
    }
  });

  it("is not a U+FFFD that was sent", () => {
    expect(decodeUtf8(convert(utf16("a\ufffdb"), "utf-16le"))).toBe("a\ufffdb");
    expect(decodeUtf8(convert(Buffer.from("abc\ufffdb"), null))).toBe("abc\ufffdb");
  });
});
