import * as z from "zod";
import type { KnowledgeEntity, KnowledgeRelation } from "../../sinks/lightrag/knowledge-reader.ts";
import { memoryOfFileSource } from "../memories/memory-source-json.ts";
import type { NotesByDocument } from "./group-notes.ts";

const memoryIds = z
  .array(z.string())
  .describe("the memories that it comes from; documents of other programs are none");

export const entitySchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  descriptions: z.array(z.string()),
  fileSources: z.array(z.string()).describe("the documents that it comes from"),
  memoryIds,
});

export const relationSchema = z.strictObject({
  source: z.string(),
  target: z.string(),
  keywords: z.array(z.string()),
  descriptions: z.array(z.string()),
  weight: z.number().describe("how often it was said"),
  fileSources: z.array(z.string()),
  memoryIds,
});

export type EntityJson = z.infer<typeof entitySchema>;
export type RelationJson = z.infer<typeof relationSchema>;

/** `notes` are those of the merged documents among its documents. */
export function entityJson(entity: KnowledgeEntity, notes: NotesByDocument): EntityJson {
  const { name, type, descriptions, fileSources } = entity;
  return {
    name,
    type,
    descriptions: [...descriptions],
    fileSources: [...fileSources],
    memoryIds: memoryIdsOf(fileSources, notes),
  };
}

/** `notes` are those of the merged documents among its documents. */
export function relationJson(relation: KnowledgeRelation, notes: NotesByDocument): RelationJson {
  const { source, target, keywords, descriptions, weight, fileSources } = relation;
  return {
    source,
    target,
    keywords: [...keywords],
    descriptions: [...descriptions],
    weight,
    fileSources: [...fileSources],
    memoryIds: memoryIdsOf(fileSources, notes),
  };
}

function memoryIdsOf(fileSources: readonly string[], notes: NotesByDocument): string[] {
  return [...new Set(fileSources.flatMap((name) => memoryOfFileSource(name, notes).memoryIds))];
}
