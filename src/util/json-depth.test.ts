import { expect, test } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

const deeper = (json: string, depth: number) => isDeeperThan(Buffer.from(json), depth);

test("lists and objects count alike, and only as far as they are open at the same time", () => {
  expect(deeper('[{"a":[1]}]', 3)).toBe(false);
  expect(deeper('[{"a":[1]}]', 2)).toBe(true);
  expect(deeper("[[],[],[],{}]", 2)).toBe(false);
});

test("brackets within texts do not count, quoted quotes do not end a text", () => {
  expect(deeper('["[[[[", "\\"[[[", "\\\\"]', 1)).toBe(false);
});

test("a text with a hundred thousand levels is told without recursion", () => {
  expect(deeper("[".repeat(100_000), 64)).toBe(true);
});
