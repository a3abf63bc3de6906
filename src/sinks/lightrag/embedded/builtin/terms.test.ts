import { expect, test } from "vitest";
import { wordsOf } from "./terms.ts";

test("words are lower case, without possessive endings and apostrophes", () => {
  expect(wordsOf("Evan's Prius doesn’t start — O'Hara’s does!")).toEqual([
    "evan",
    "prius",
    "doesnt",
    "start",
    "ohara",
    "does",
  ]);
});

test("decomposed and full-width spellings give the same words", () => {
  expect(wordsOf("Cafe\u0301 ＡＢＣ")).toEqual(wordsOf("café abc"));
});

test("scripts without spaces are cut into pairs of characters", () => {
  expect(wordsOf("東京駅 Sam")).toEqual(["東京", "京駅", "sam"]);
});
