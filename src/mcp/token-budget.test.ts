import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, cut, leading } from "./token-budget.ts";

const texts = fc.string({ unit: "grapheme" });

test("a text that is cut is a beginning, has at most its bytes as JSON, and breaks no character", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 5, max: 60 }), (text, bytes) => {
      const short = cut(text, bytes);
      expect(bytesOf(short)).toBeLessThanOrEqual(bytes);
      expect(short.isWellFormed()).toBe(true);
      expect(text.startsWith(short === text ? short : short.slice(0, -1))).toBe(true);
    }),
  );
});

test("a text that fits is left as it is", () => {
  expect(cut("walk ü 😀", bytesOf("walk ü 😀"))).toBe("walk ü 😀");
  expect(cut("walk ü 😀", bytesOf("walk ü 😀") - 1)).toBe("walk ü …");
});

test.each([
  [["aa", "bb", "cc"], 15, 3],
  [["aa", "bb", "cc"], 14, 2],
  [["aa", "bb", "cc"], 0, 1],
  [[], 0, 0],
])("of %j, %d bytes hold the first %d, and one is always shown", (items, bytes, shown) => {
  expect(leading(items, bytes)).toEqual(items.slice(0, shown));
});
