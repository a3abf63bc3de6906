import { expect, test } from "vitest";
import { loadTokenizer } from "./tokenizer.ts";

const tokenizer = await loadTokenizer();

test.each([
  ["letters", "a"],
  ["letters of two units", "𝒶"],
  ["marks", "="],
  ["spaces", " "],
])("%s without an end are counted, cut and fitted in time, and nothing of them is lost", (_, letter) => {
  // Taken as one word, this would take hours.
  const text = `Before ${letter.repeat(300_000)} behind.`;
  const count = tokenizer.count(text);
  expect(count).toBeGreaterThan(1_000);
  const windows = tokenizer.windows(text, 1_000, 1_000);
  expect(
    windows
      .map(({ content }) => content)
      .join("")
      .replaceAll("\uFFFD", ""),
  ).toContain("Before");
  expect(windows.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(count);
  expect(tokenizer.fits(text, count)).toBe(true);
  expect(tokenizer.fits(text, count - 1)).toBe(false);
  expect(text.startsWith(tokenizer.truncate(text, 50))).toBe(true);
});

test("a text of ordinary words is one piece", () => {
  const words = "the heron stood on the pier ".repeat(2_000);
  expect(tokenizer.windows(words, 100_000, 100_000).map(({ content }) => content)).toEqual([words]);
});
