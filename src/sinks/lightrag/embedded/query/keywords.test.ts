import { expect, test } from "vitest";
import type { ChatModel } from "../models/models.ts";
import { keywordsOf, questionKeywords } from "./keywords.ts";

const { signal } = new AbortController();

function chatSaying(text: string): ChatModel {
  return { id: "scripted", complete: async () => ({ text, truncated: false }) };
}

test("without a chat model the question's own words are the keywords", async () => {
  expect((await keywordsOf("Who repairs the kayak of Nora?", undefined, signal)).low).toEqual([
    "kayak",
    "Nora",
  ]);
});

test("a chat model's lists are taken, also from a code fence and from strings", async () => {
  const fenced = '```json\n{"high_level_keywords": ["repair "], "low_level_keywords": "kayak; Nora"}\n```';
  expect(await keywordsOf("q", chatSaying(fenced), signal)).toEqual({
    high: ["repair"],
    low: ["kayak", "Nora"],
  });
});

test("an unusable answer falls back to the question's own words", async () => {
  for (const text of ["I cannot do that.", "[1]", '{"high_level_keywords": 7}']) {
    const keywords = await keywordsOf("Who repairs the kayak?", chatSaying(text), signal);
    expect([["kayak"], []]).toContainEqual(keywords.low);
  }
});

test("a question gives names and things as entities are spelled, and themes and acts", () => {
  expect(questionKeywords("Where did Nora's sister buy the old telescopes in Lisbon?")).toEqual({
    high: ["buy", "telescope"],
    low: ["Nora", "Nora's sister", "telescope", "Lisbon"],
  });
});

test("a question that names nothing gives no keywords", () => {
  expect(questionKeywords("How are you?")).toEqual({ high: [], low: [] });
});
