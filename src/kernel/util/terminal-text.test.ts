import { expect, test } from "vitest";
import { printable, printableLines } from "./terminal-text.ts";

test("as one line, every run of control characters and separators is a space", () => {
  expect(printable("a\u001b[2J\r\nb\u2028c\u009bd\u007fe\tf")).toBe("a [2J b c d e f");
});

test("as lines, breaks and tabs stay and nothing else does", () => {
  expect(printableLines("a\tb\nc\r\u001b[2J\u0000")).toBe("a\tb\nc  [2J ");
});
