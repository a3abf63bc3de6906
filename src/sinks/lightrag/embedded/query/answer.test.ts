import { expect, test } from "vitest";
import type { ChatMessage, ChatModel } from "../models/models.ts";
import { answerFrom } from "./answer.ts";

const { signal } = new AbortController();
const findings = {
  entities: [
    { name: "Nora", type: "person", descriptions: ["sails", "bakes"], fileSources: ["a.md"], isCut: false },
  ],
  relations: [
    {
      source: "Nora",
      target: "kayak",
      keywords: ["repair"],
      descriptions: ["Nora mends it"],
      weight: 1,
      fileSources: [],
      isCut: false,
    },
  ],
  chunks: [
    { id: "1", text: "Nora mends the kayak.", fileSource: "a.md" },
    { id: "2", text: "Tea with Clara.", fileSource: "b.md" },
  ],
};

function scriptedChat(text: string): { chat: ChatModel; asked: ChatMessage[] } {
  const asked: ChatMessage[] = [];
  const complete: ChatModel["complete"] = async (messages) => {
    asked.push(...messages);
    return { text, truncated: false };
  };
  return { chat: { id: "scripted", complete }, asked };
}

test("the model is given what was found, each memory with its number, and the bare question", async () => {
  const { chat, asked } = scriptedChat("Nora [1].");
  await answerFrom("Who mends it?", findings, chat, signal);
  expect(asked[0]?.content).toContain("- Nora (person): sails bakes\n");
  expect(asked[0]?.content).toContain("- Nora and kayak (repair): Nora mends it\n");
  expect(asked[0]?.content).toContain("[2]\nTea with Clara.");
  expect(asked[1]).toEqual({ role: "user", content: "Who mends it?" });
});

test("an answer names the documents that it cites, most cited first; uncited ones rest on all", async () => {
  const sourcesOf = async (text: string) =>
    (await answerFrom("q", findings, scriptedChat(text).chat, signal))?.fileSources;
  expect(await sourcesOf("Clara [2], and Nora [1]; tea [2] [9].")).toEqual(["b.md", "a.md"]);
  expect(await sourcesOf("Nora does.")).toEqual(["a.md", "b.md"]);
});

test("where nothing was found the model is not asked", async () => {
  const { chat, asked } = scriptedChat("made up");
  expect(await answerFrom("q", { ...findings, chunks: [] }, chat, signal)).toBeNull();
  expect(asked).toEqual([]);
});

test("what does not fit into the context is left out from the end", async () => {
  const { chat, asked } = scriptedChat("x");
  const long = { id: "3", text: "z".repeat(70_000), fileSource: "c.md" };
  await answerFrom("q", { ...findings, chunks: [...findings.chunks, long] }, chat, signal);
  expect(asked[0]?.content).not.toContain("zzz");
  expect(asked[0]?.content).toContain("Tea with Clara.");
});
