import { expect, test } from "vitest";
import type { ChatAnswer, ChatMessage, ChatModel } from "../models/models.ts";
import { cutChunks } from "../text/chunking.ts";
import { loadTokenizer } from "../text/tokenizer.ts";
import type { AnswerCache } from "./answers.ts";
import { CachedChat } from "./cached-chat.ts";
import { ChatExtractor } from "./chat-extractor.ts";

const signal = new AbortController().signal;
const tokenizer = await loadTokenizer();
const [chunk] = cutChunks("Ada met Ben.", { id: "doc-1", fileSource: "1.md" }, tokenizer);

class ScriptedChat implements ChatModel {
  readonly id = "scripted";
  readonly asked: ChatMessage[][] = [];
  readonly answers: ChatAnswer[];

  constructor(...answers: (string | ChatAnswer)[]) {
    this.answers = answers.map((answer) =>
      typeof answer === "string" ? { text: answer, truncated: false } : answer,
    );
  }

  async complete(messages: readonly ChatMessage[]): Promise<ChatAnswer> {
    this.asked.push([...messages]);
    return this.answers[this.asked.length - 1] ?? expect.fail("asked once more than expected");
  }
}

/** An answer of one record. */
function record(name: string): string {
  return `entity<|#|>${name}<|#|>person<|#|>About ${name}.`;
}

const [first, second] = [record("Ada"), record("Ben")];

function memoryCache(): AnswerCache & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key) => (kept.has(key) ? { text: kept.get(key) ?? "", cacheKey: key } : undefined),
    put: async (key, record) => {
      kept.set(key, record.return);
      return { text: record.return, cacheKey: key };
    },
  };
}

function extract(chat: ChatModel, cache: AnswerCache) {
  return new ChatExtractor(new CachedChat(chat, cache), tokenizer, "English").extract(chunk!, signal);
}

test("a chunk is asked about once, and once more for what the first answer missed", async () => {
  const chat = new ScriptedChat(first, second);
  const answers = await extract(chat, memoryCache());
  expect(answers.map(({ text }) => text)).toEqual([first, second]);
  expect(chat.asked.map((messages) => messages.map(({ role }) => role))).toEqual([
    ["system", "user"],
    ["system", "user", "assistant", "user"],
  ]);
  expect(chat.asked[0]?.[1]?.content).toContain("---Input Text---\n```\nAda met Ben.\n```\n");
  expect(chat.asked[1]?.[2]?.content).toBe(first);
  expect(chat.asked[1]?.[3]?.content).toContain("last extraction task");
});

test("what was answered once is not asked again", async () => {
  const cache = memoryCache();
  const answers = await extract(new ScriptedChat(first, second), cache);
  const again = await extract(new ScriptedChat(), cache);
  expect(again).toEqual(answers);
  expect(answers.map(({ cacheKey }) => cacheKey)).toEqual([...cache.kept.keys()]);
});

test("an answer that was cut short is used and not kept", async () => {
  const cache = memoryCache();
  const answers = await extract(new ScriptedChat({ text: first, truncated: true }, second), cache);
  expect(answers[0]).toEqual({ text: first, cacheKey: undefined });
  expect([...cache.kept.values()]).toEqual([second]);
});

test.each([
  [`<think>hm</think>${first}`, first],
  [`a preamble without its tag</think> ${first}`, first],
  [`<think>a</think>${first}<think>b</think> more`, `${first} more`],
])("a model's reasoning is taken off: %s", async (raw, clean) => {
  expect((await extract(new ScriptedChat(raw, second), memoryCache()))[0]?.text).toBe(clean);
});

test("reasoning without an answer is an error", async () => {
  const chat = new ScriptedChat({ text: "<think>and then the limit came</think>", truncated: true });
  await expect(extract(chat, memoryCache())).rejects.toMatchObject({ code: "MODEL_ANSWER_UNUSABLE" });
});

test("a first answer that fills the model's input is not gleaned", async () => {
  const chat = new ScriptedChat(`${first} ${"word ".repeat(21_000)}`);
  expect(await extract(chat, memoryCache())).toHaveLength(1);
});
