import type { Findings, KnowledgeReader, QueryMode } from "../lightrag/knowledge-reader.ts";
import { type MemorySource, memoryOfChunk } from "./memory-source-line.ts";

export interface QueryOptions {
  mode: QueryMode;
  topK: number;
}

export interface Found {
  question: string;
  mode: string;
  findings: Findings;
  /** The memory of each chunk, in the order of the chunks. */
  sources: readonly MemorySource[];
}

export async function ask(
  knowledge: KnowledgeReader,
  question: string,
  { mode, topK }: QueryOptions,
  signal: AbortSignal,
): Promise<Found> {
  const request = { question, mode, topK, chunkTopK: topK, answer: true };
  const findings = await knowledge.query(request, signal);
  return { question, mode, findings, sources: findings.chunks.map(memoryOfChunk) };
}
