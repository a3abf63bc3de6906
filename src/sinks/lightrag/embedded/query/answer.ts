import type { Findings, KnowledgeAnswer } from "../../knowledge-reader.ts";
import type { ChatModel } from "../models/models.ts";

/** Characters of each part of the context, about four per token (LightRAG's defaults: 6,000, 8,000 and 30,000 tokens in total). */
const entityBudget = 24_000;
const relationBudget = 32_000;
const chunkBudget = 64_000;

const instruction = `You answer questions about somebody's recorded memories. Use nothing but the findings below. Each memory says when it was
recorded and often who speaks; work out relative times such as "yesterday" from the time of recording. Answer in the language
of the question, briefly and to the point. Behind every statement put the numbers of the memories that it rests on, as in [2]
or [1][4]. When the findings do not hold the answer, say so.`;

const citation = /\[(\d+)\]/gu;

/** Asks the chat model to answer from the findings; null when there are none. */
export async function answerFrom(
  question: string,
  findings: Pick<Findings, "entities" | "relations" | "chunks">,
  chat: ChatModel,
  signal: AbortSignal,
): Promise<KnowledgeAnswer | null> {
  if (findings.chunks.length === 0) return null;
  const messages = [
    { role: "system" as const, content: `${instruction}\n\n${contextOf(findings)}` },
    { role: "user" as const, content: question },
  ];
  const { text } = await chat.complete(messages, {}, signal);
  return { text, fileSources: citedSources(text, findings.chunks) };
}

function contextOf({
  entities,
  relations,
  chunks,
}: Pick<Findings, "entities" | "relations" | "chunks">): string {
  const known = entities.map(
    ({ name, type, descriptions }) => `- ${name} (${type}): ${descriptions.join(" ")}`,
  );
  const joined = relations.map(
    ({ source, target, keywords, descriptions }) =>
      `- ${source} and ${target} (${keywords.join(", ")}): ${descriptions.join(" ")}`,
  );
  const memories = chunks.map(({ text }, i) => `[${i + 1}]\n${text}\n`);
  return [
    "Entities:",
    ...withinBudget(known, entityBudget),
    "\nRelations:",
    ...withinBudget(joined, relationBudget),
    "\nMemories:",
    ...withinBudget(memories, chunkBudget),
  ].join("\n");
}

/** As many of the first parts as fit. */
function withinBudget(parts: readonly string[], budget: number): string[] {
  let used = 0;
  return parts.filter((part) => {
    used += part.length;
    return used <= budget;
  });
}

/** The documents that the answer cites, most cited first; without citations, those that it could have used. */
function citedSources(answer: string, chunks: Findings["chunks"]): string[] {
  const counts = new Map<string, number>();
  for (const [, number] of answer.matchAll(citation)) {
    const source = chunks[Number(number) - 1]?.fileSource;
    if (source !== undefined) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  const cited = [...counts].sort((a, b) => b[1] - a[1]).map(([source]) => source);
  return cited.length > 0 ? cited : [...new Set(chunks.map(({ fileSource }) => fileSource))];
}
