import { expect, test } from "vitest";
import { printable, printableLines } from "./terminal-text.ts";

test("as one line, every run of control characters and separators is a space", () => {
  expect(printable("a\u001b[2J\r\nb\u2028c\u009bd\u007fe\tf")).toBe("a [2J b c d e f");
});

test.each([
  ["\u202etxt.exe", "\u2068\u202etxt.exe\u2069"],
  ["a\u2069\u202eb", "\u2068a\u202eb\u2069"],
  ["a\u2067b", "\u2068a\u2067b\u2069\u2069"],
  ["a\u2067b\u2069", "\u2068a\u2067b\u2069\u2069"],
  ["ليلى", "ليلى"],
])("what turns writing round reaches no further than its own text: %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("as lines, breaks and tabs stay and nothing else does", () => {
  expect(printableLines("a\tb\nc\r\u001b[2J\u0000")).toBe("a\tb\nc  [2J ");
});
