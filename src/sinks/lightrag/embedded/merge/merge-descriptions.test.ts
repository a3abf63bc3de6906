import { expect, test } from "vitest";
import { loadTokenizer } from "../text/tokenizer.ts";
import { ExtractiveSummariser } from "./extractive-summariser.ts";
import { mergeDescriptions, type Summariser } from "./merge-descriptions.ts";

const signal = new AbortController().signal;
const tokenizer = await loadTokenizer();
const subject = { kind: "Entity", name: "Ada" } as const;

class CountingSummariser implements Summariser {
  readonly groups: number[] = [];

  async summarise(_subject: typeof subject, descriptions: readonly string[]): Promise<string> {
    this.groups.push(descriptions.length);
    return `summary ${this.groups.length}`;
  }
}

async function merged(fragments: string[]) {
  const summariser = new CountingSummariser();
  return {
    text: await mergeDescriptions({ tokenizer, summariser }, subject, fragments, signal),
    groups: summariser.groups,
  };
}

function numbered(count: number, words: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i} ${"word ".repeat(words)}`.trim());
}

test("few short fragments are joined", async () => {
  expect(await merged(["a", "b"])).toEqual({ text: "a<SEP>b", groups: [] });
  expect((await merged(numbered(7, 10))).groups).toEqual([]);
  expect(await merged([])).toEqual({ text: "", groups: [] });
});

test("a single fragment is never summarised, however long", async () => {
  expect((await merged(numbered(1, 3000))).groups).toEqual([]);
});

test("eight fragments, or 1200 tokens, are summarised", async () => {
  expect(await merged(numbered(8, 1))).toEqual({ text: "summary 1", groups: [8] });
  expect((await merged(numbered(2, 610))).groups).toEqual([2]);
  expect((await merged(numbered(2, 580))).groups).toEqual([]);
});

test("what is too long for one question is summarised in groups, then the summaries are merged", async () => {
  expect(await merged(numbered(10, 3000))).toEqual({ text: "summary 4", groups: [3, 3, 3, 4] });
});

test("without a chat model the fragments that say most are kept, bounded and in their order", async () => {
  const summariser = new ExtractiveSummariser(tokenizer);
  const fragments = Array.from({ length: 40 }, (_, i) =>
    i % 4 === 0 ? `Ada likes topic${i} and topic${i + 1}.` : "Ada likes tea.",
  );
  const text = await mergeDescriptions({ tokenizer, summariser }, subject, fragments, signal);
  expect(text.split("<SEP>")).toEqual(
    [0, 4, 8, 12, 16, 20, 24].map((i) => `Ada likes topic${i} and topic${i + 1}.`),
  );
  const again = await mergeDescriptions(
    { tokenizer, summariser },
    subject,
    [...text.split("<SEP>"), "Ada left."],
    signal,
  );
  expect(tokenizer.count(again)).toBeLessThanOrEqual(600);
  const long = await summariser.summarise(subject, numbered(3, 3000));
  expect(tokenizer.count(long)).toBeLessThanOrEqual(600);
});
