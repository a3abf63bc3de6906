import { expect, test } from "vitest";
import { cutText, shortened } from "./text.ts";

test("a text is cut between its characters", () => {
  expect(["a😀b", "ab", "😀😀"].map((text) => cutText(text, 2))).toEqual(["a😀", "ab", "😀😀"]);
  expect(cutText("😀😀", 1)).toBe("😀");
});

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["a😀b", 4, "a😀b"],
  ["a😀bc", 4, "a😀…"],
  ["a😀bc", 3, "a…"],
])("of %j in %i units a message shows %j", (text, longest, shown) => {
  expect(shortened(text, longest)).toBe(shown);
});
