import * as z from "zod";
import {
  type Findings,
  type KnowledgeReader,
  type QueryMode,
  queryModes,
} from "../../sinks/lightrag/knowledge-reader.ts";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField, textOf } from "../fields.ts";
import { memoryOfChunk, sourceSchema } from "../memories/memory-source-json.ts";
import { operation } from "../operation.ts";
import type { GroupNotes, NotesByDocument } from "./group-notes.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";

interface Question {
  question: string;
  mode: QueryMode;
  /** Limit of entities, of relations and of chunks. */
  topK: number;
}

interface Found extends Question {
  findings: Findings;
  /** Notes of the merged documents among the findings. */
  notes: NotesByDocument;
}

/**
 * Queries the graph, and generates an answer if a chat model is configured. Throws `QUESTION_TOO_SHORT` and the errors of the reader.
 */
async function ask(
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

/** The result of a question, each list best first. */
const queryResultSchema = z.strictObject({
  question: z.string(),
  mode: z.enum(queryModes),
  answer: z
    .strictObject({ text: z.string(), fileSources: z.array(z.string()) })
    .nullable()
    .describe("null without a chat model, and when nothing was found"),
  entities: z.array(entitySchema),
  relations: z.array(relationSchema),
  chunks: z.array(z.strictObject({ id: z.string(), text: z.string(), memory: sourceSchema })),
});

export type QueryResult = z.infer<typeof queryResultSchema>;

function queryResult({ question, mode, findings, notes }: Found): QueryResult {
  const { answer, entities, relations, chunks } = findings;
  return {
    question,
    mode,
    answer: answer && { text: answer.text, fileSources: [...answer.fileSources] },
    entities: entities.map((entity) => entityJson(entity, notes)),
    relations: relations.map((relation) => relationJson(relation, notes)),
    chunks: chunks.map((chunk) => ({ id: chunk.id, text: chunk.text, memory: memoryOfChunk(chunk, notes) })),
  };
}

export const queryKnowledge = operation({
  name: "knowledge.query",
  tag: "Knowledge",
  summary: "Ask the graph: entities, relations and memories that bear on a question",
  details:
    "Each thing found names the memory that it comes from. An answer in words is given when a chat model is set (in mode `api`: the " +
    "server's). Works while a sync runs.",
  access: "viewer",
  input: z.strictObject({
    question: textOf(10_000).describe("in plain words"),
    mode: z.enum(queryModes).default("mix").describe("how to look"),
    topK: z.int().min(1).max(1000).default(10).describe("how many entities, relations and chunks at most"),
    connectorId: connectorIdField
      .optional()
      .describe("ask the LightRAG of this connector; otherwise the one of the configuration"),
  }),
  output: queryResultSchema,
  errors: ["CONNECTOR_UNKNOWN", "QUESTION_TOO_SHORT", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, ...asked }) => {
    const groups = services.groupNotes(connectorId);
    const found = await services.withKnowledge(connectorId, signal, (knowledge) =>
      ask({ knowledge, groups }, asked, signal),
    );
    return queryResult(found);
  },
});
