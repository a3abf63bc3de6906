import { expect, test } from "vitest";
import type { ChatAnswer, ChatModel } from "../models/models.ts";
import { cutChunks } from "../text/chunking.ts";
import { loadTokenizer } from "../text/tokenizer.ts";
import type { AnswerCache } from "./answers.ts";
import { CachedChat } from "./cached-chat.ts";
import { ChatExtractor } from "./chat-extractor.ts";
import { isReadableAnswer } from "./parse-answer.ts";

const signal = new AbortController().signal;
const tokenizer = await loadTokenizer();
const [chunk] = cutChunks("Ada met Ben.", { id: "doc-1", fileSource: "1.md" }, tokenizer);
const record = "entity<|#|>Ada<|#|>person<|#|>She met Ben.";
const nothing = "<|COMPLETE|>";

const unreadable = [
  "Ada met Ben. They seem to be friends.",
  "Sure! Here are the entities: Ada and Ben.",
  '```json\n{"entities": [{"name": "Ada", "type": "person", "description": "She."}], "relationships": []}\n```',
  '{"entities": []}',
  `{"entities": [{"name": "Ada"}]}\n${nothing}`,
  "| Name | Type |\n| --- | --- |\n| Ada | person |\n<|COMPLETE|>",
  "- Ada (person)\n- Ben (person)",
  "<entity>Ada</entity>",
  "entity",
  "entity<|#|>Ada",
];

test.each(unreadable)("%j holds no record", (text) => {
  expect(isReadableAnswer(text)).toBe(false);
});

test.each([
  record,
  `Here you are:\n${record}`,
  `\`\`\`\n${record}\n\`\`\``,
  nothing,
  `\`\`\`\n${nothing}\n\`\`\``,
  `There is nothing to extract. ${nothing}`,
  "<|complete|>",
  "COMPLETE",
])("%j is readable", (text) => {
  expect(isReadableAnswer(text)).toBe(true);
});

test.each(unreadable)(
  "%j is asked again once, then it is a failure, and nothing of it is kept",
  async (text) => {
    const { cache, kept } = memoryCache();
    const chat = scripted(text, text);
    await expect(extract(chat, cache)).rejects.toMatchObject({ code: "MODEL_ANSWER_UNREADABLE" });
    expect(chat.asked).toBe(2);
    expect(kept.size).toBe(0);
  },
);

test("a second answer that can be read counts, and only it is kept", async () => {
  const { cache, kept } = memoryCache();
  const answers = await extract(scripted("Ada, I suppose.", record, nothing), cache);
  expect(answers.map(({ text }) => text)).toEqual([record, nothing]);
  expect([...kept.values()]).toEqual([record, nothing]);
});

test("an unreadable answer that an earlier version kept is not believed", async () => {
  const { cache, kept } = memoryCache();
  await extract(scripted(record, nothing), cache);
  for (const key of kept.keys()) kept.set(key, "Ada, I suppose.");
  const chat = scripted(record, nothing);
  expect((await extract(chat, cache))[0]?.text).toBe(record);
  expect(chat.asked).toBe(2);
});

test("an unreadable answer to what was missed adds nothing and is not kept", async () => {
  const { cache, kept } = memoryCache();
  await extract(scripted(record, "I think that is all."), cache);
  expect([...kept.values()]).toEqual([record]);
});

test.each([
  ["Rate limit exceeded, please try again later.", "MODEL_BUSY"],
  ["Error: insufficient credits", "MODEL_QUOTA"],
])("a router's notice in the place of an answer is its fault: %s", async (text, code) => {
  await expect(extract(scripted(text, text), memoryCache().cache)).rejects.toMatchObject({ code });
});

function extract(chat: ChatModel, cache: AnswerCache) {
  if (chunk === undefined) throw new Error("a text has a chunk");
  return new ChatExtractor(new CachedChat(chat, cache), tokenizer, "English").extract(chunk, signal);
}

function scripted(...answers: string[]): ChatModel & { asked: number } {
  return {
    id: "scripted",
    asked: 0,
    async complete(): Promise<ChatAnswer> {
      return {
        text: answers[this.asked++] ?? expect.fail("asked once more than expected"),
        truncated: false,
      };
    },
  };
}

function memoryCache(): { cache: AnswerCache; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const cache: AnswerCache = {
    get: (key) => (kept.has(key) ? { text: kept.get(key) ?? "", cacheKey: key } : undefined),
    put: async (key, { return: text }) => {
      kept.set(key, text);
      return { text, cacheKey: key };
    },
  };
  return { cache, kept };
}
