import { expect, test } from "vitest";
import { questionKeywords } from "./question-keywords.ts";

test("a question gives names and things as entities are spelled, and themes and acts", () => {
  expect(questionKeywords("Where did Nora's sister buy the old telescopes in Lisbon?")).toEqual({
    high: ["buy", "telescope"],
    low: ["Nora", "Nora's sister", "telescope", "Lisbon"],
  });
});

test("a question that names nothing gives no keywords", () => {
  expect(questionKeywords("How are you?")).toEqual({ high: [], low: [] });
});
