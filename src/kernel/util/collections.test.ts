import { expect, test } from "vitest";
import { halvesOf } from "./collections.ts";

test("a list is cut in the middle, and nothing of it is lost", () => {
  expect(halvesOf([1, 2, 3])).toEqual([[1, 2], [3]]);
  expect(halvesOf([1])).toEqual([[1]]);
  expect(halvesOf([])).toEqual([]);
});
