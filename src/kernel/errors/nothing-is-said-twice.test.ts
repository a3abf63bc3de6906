import { expect, test } from "vitest";
import { errorCodes } from "./codes.ts";

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[a-z_.`-]{4,}/gu));

/** The part of the words of what helps that what happened has said already. */
function repeated(meaning: string, remedy: string): number {
  const [said, words] = [wordsOf(meaning), wordsOf(remedy)];
  return words.size === 0 ? 0 : [...words].filter((word) => said.has(word)).length / words.size;
}

test.each(Object.entries(errorCodes))("what helps with %s says more than what happened", (_, entry) => {
  expect(repeated(entry.meaning, entry.remedy)).toBeLessThanOrEqual(0.6);
});
