import { citedSources, contextOf, instruction } from "../answer-prompt.ts";
import type { Findings, KnowledgeAnswer, KnowledgeQuery, QueryFilter } from "../knowledge-reader.ts";
import { entityWithin, relationWithin, textWithin } from "../within.ts";

/** As LightRAG is asked when only a part of its findings can be used. */
export const wideSearch = {
  /** LightRAG 1.5 takes no more than 1,000. */
  topK: 300,
  chunkTopK: 500,
  /** Tokens; LightRAG would leave out what is beyond. */
  budget: 1_000_000,
};

/** LightRAG takes questions of up to 65,536 characters; the one that is asked needs room, too. */
const budgets = { entities: 8_000, relations: 8_000, chunks: 36_000 };

type Found = Pick<Findings, "entities" | "relations" | "chunks">;

/** Of what LightRAG has found for a question, best first, the first ones within its filter. */
export async function findingsWithin<Wide extends Found>(
  found: Wide,
  { topK, chunkTopK }: KnowledgeQuery,
  filter: QueryFilter,
  signal: AbortSignal,
): Promise<Wide & { offered: number }> {
  const { chunks, entities, relations } = found;
  const named = [...entities, ...relations].flatMap(({ fileSources }) => fileSources);
  const documents = await filter.among([...chunks.map(({ fileSource }) => fileSource), ...named], signal);
  const within = chunks.flatMap((chunk) => {
    const text = textWithin(chunk, documents);
    return text === null ? [] : [{ ...chunk, text }];
  });
  return {
    ...found,
    entities: entities.flatMap((entity) => entityWithin(entity, documents) ?? []).slice(0, topK),
    relations: relations.flatMap((relation) => relationWithin(relation, documents) ?? []).slice(0, topK),
    chunks: within.slice(0, chunkTopK),
    offered: chunks.length,
  };
}

/** The question with all that it may be answered from: LightRAG hands it on to its model and adds nothing (`mode: "bypass"`). */
export function closedQuestion(question: string, found: Found): string {
  const context = contextOf(found, budgets);
  return `${instruction}\n\n${context}\n\nQuestion: ${question}`;
}

/** LightRAG's text where its model has failed; it comes with 200 (LightRAG contract §6.2). */
const noAnswer = /^(?:\s*|No relevant context found for the query\.?)$/u;

export function answerWithin(text: string, { chunks }: Found): KnowledgeAnswer | null {
  return noAnswer.test(text.trim()) ? null : { text, fileSources: citedSources(text, chunks) };
}
