import * as z from "zod";
import { queryModes } from "../../sinks/lightrag/knowledge-reader.ts";
import { memoryOfChunk, sourceSchema } from "../memories/memory-source-json.ts";
import type { Found } from "./ask.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";

/** What a question found, each list best first. */
export const queryResultSchema = z.strictObject({
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

export function queryResult({ question, mode, findings, notes }: Found): QueryResult {
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
