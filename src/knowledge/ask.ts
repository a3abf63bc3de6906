import type { Findings, KnowledgeReader, QueryMode } from "../lightrag/knowledge-reader.ts";

export interface Question {
  question: string;
  mode: QueryMode;
  /** How many entities, relations and chunks at most, of each. */
  topK: number;
}

export interface Found extends Question {
  findings: Findings;
}

/** Asks the graph, and for an answer in words where a chat model can give one. Throws `QUESTION_TOO_SHORT` and what the reader throws. */
export async function ask(
  knowledge: KnowledgeReader,
  { question, mode, topK }: Question,
  signal: AbortSignal,
): Promise<Found> {
  const query = { question, mode, topK, chunkTopK: topK, answer: true };
  return { question, mode, topK, findings: await knowledge.query(query, signal) };
}
