import { expect, test } from "vitest";
import {
  documentsOf,
  languageContexts,
  realContexts,
  realMemories,
  realMemoriesMissing,
} from "../../../test/support/real-memories.ts";
import { loadTokenizer } from "../../sinks/lightrag/embedded/text/tokenizer.ts";
import { estimateTokens } from "./estimate-tokens.ts";

test.skipIf(realMemoriesMissing !== null).each([...languageContexts, ...realContexts])(
  "real by estimated tokens are 0.85 to 1.2 of what %s has: documents, short texts and long ones",
  async (context) => {
    const tokenizer = await loadTokenizer();
    const memories = (await realMemories(context)).slice(0, 100);
    const short = memories.map(({ transcript }) => transcript);
    const documents = documentsOf(context, memories).map(({ text }) => text);
    for (const texts of [short, [short.join("\n")], documents]) {
      const sum = (count: (text: string) => number) => texts.reduce((all, text) => all + count(text), 0);
      const ratio = sum((text) => tokenizer.count(text)) / sum(estimateTokens);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.2);
    }
  },
);

test.each([
  ["", 0],
  ["Met Anna at the harbour.", 6],
  ["2026-03-02 07:12", 12],
  ["우리는 부산에 갔다", 7],
  ["ᐃᓄᒃᑎᑐᑦ", 7],
])("“%s” has about %i tokens", (text, tokens) => {
  expect(Math.abs(estimateTokens(text) - tokens)).toBeLessThanOrEqual(1 + tokens / 5);
});
