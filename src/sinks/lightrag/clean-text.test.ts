import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processorMsSince } from "../../../test/support/processor-time.ts";
import { cleanText, sendableText } from "./clean-text.ts";

describe("the text as LightRAG stores it", () => {
  it.each([
    ["  plain\ttext \n", "plain\ttext"],
    ["&lt;b&gt; &amp;amp; &notit; &copy&hearts;", "<b> &amp; ¬it; ©♥"],
    ["&unknown; &a & b &;", "&unknown; &a & b &;"],
    ["&#65;&#x42;&#X43 &#128;&#159;", "ABC €Ÿ"],
    ["a&#0;&#xD800;&#x110000;&#99999999999;b", "a\uFFFD\uFFFD\uFFFD\uFFFDb"],
    ["a&#1;&#127;&#xFDD0;&#x1FFFE;b&#13;c", "ab\rc"],
    ["a\u0000\u0008\u001B\u007F\uFFFEb\r\n", "ab"],
    ["\u0085\u001C\u3000text\u2028\u0085", "text"],
    ["\uFEFFtext\uFEFF", "\uFEFFtext\uFEFF"],
    ["&nbsp;text&#32;", "text"],
    ["half a pair: \uD83D!", "half a pair: \uFFFD!"],
    [" \n ", ""],
  ])("of %j is %j", (text, stored) => {
    expect(cleanText(text)).toBe(stored);
  });

  it("has no white space at its ends and no character that LightRAG removes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question
        expect(cleanText(text)).not.toMatch(/^\s*[ \n\t]|[ \n\t]$|[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\uFFFE]/u);
      }),
    );
  });

  it("takes no more than a moment for a long run of blanks", () => {
    const blanks = " ".repeat(300_000);
    const started = process.cpuUsage();
    expect(cleanText(`a${blanks}b`)).toHaveLength(300_002);
    expect(processorMsSince(started)).toBeLessThan(1_000);
  });

  it("is the same for a text and for its form that can travel", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(cleanText(sendableText(text))).toBe(cleanText(text));
      }),
    );
  });
});
