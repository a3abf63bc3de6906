import type { Findings, KnowledgeReader, QueryMode } from "../../sinks/lightrag/knowledge-reader.ts";
import type { GroupNotes, NotesByDocument } from "./group-notes.ts";

export interface Question {
  question: string;
  mode: QueryMode;
  /** How many entities, relations and chunks at most, of each. */
  topK: number;
}

export interface Found extends Question {
  findings: Findings;
  /** Of the documents of groups among the findings. */
  notes: NotesByDocument;
}

/** Asks the graph, and for an answer in words where a chat model can give one. Throws `QUESTION_TOO_SHORT` and what the reader throws. */
export async function ask(
  { knowledge, groups }: { knowledge: KnowledgeReader; groups: GroupNotes },
  { question, mode, topK }: Question,
  signal: AbortSignal,
): Promise<Found> {
  const query = { question, mode, topK, chunkTopK: topK, answer: true };
  const findings = await knowledge.query(query, signal);
  return { question, mode, topK, findings, notes: await groups.notesIn(documentsIn(findings)) };
}

function documentsIn({ chunks, entities, relations }: Findings): string[] {
  const ofGraph = [...entities, ...relations].flatMap(({ fileSources }) => fileSources);
  return [...chunks.map(({ fileSource }) => fileSource), ...ofGraph];
}
