import { citedSources, contextOf, instruction } from "../../answer-prompt.ts";
import type { Findings, KnowledgeAnswer } from "../../knowledge-reader.ts";
import type { ChatModel } from "../models/models.ts";

/** Characters of each part of the context, about four per token (LightRAG's defaults: 6,000, 8,000 and 30,000 tokens in total). */
const budgets = { entities: 24_000, relations: 32_000, chunks: 64_000 };

/** Asks the chat model to answer from the findings; null when there are none. */
export async function answerFrom(
  question: string,
  findings: Pick<Findings, "entities" | "relations" | "chunks">,
  chat: ChatModel,
  signal: AbortSignal,
): Promise<KnowledgeAnswer | null> {
  if (findings.chunks.length === 0) return null;
  const messages = [
    { role: "system" as const, content: `${instruction}\n\n${contextOf(findings, budgets)}` },
    { role: "user" as const, content: question },
  ];
  const { text } = await chat.complete(messages, {}, signal);
  return { text, fileSources: citedSources(text, findings.chunks) };
}
