import { expect, test } from "vitest";
import { batchesOf, halvesOf, sum } from "./collections.ts";

test("a list is cut in the middle, and nothing of it is lost", () => {
  expect(halvesOf([1, 2, 3])).toEqual([[1, 2], [3]]);
  expect(halvesOf([1])).toEqual([[1]]);
  expect(halvesOf([])).toEqual([]);
});

test.each([
  [[], []],
  [[1, 2], [[1, 2]]],
  [
    [1, 2, 3],
    [[1, 2], [3]],
  ],
])("%j goes in pairs as %j, the last one as it comes", async (items, batches) => {
  const found: number[][] = [];
  for await (const batch of batchesOf<number>(items, 2)) found.push(batch);
  expect(found).toEqual(batches);
});

test("numbers are added up, none are nothing", () => {
  expect([sum([]), sum([2, 3, 4])]).toEqual([0, 9]);
});
