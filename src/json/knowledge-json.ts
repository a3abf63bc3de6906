import * as z from "zod";
import type { KnowledgeEntity, KnowledgeRelation } from "../lightrag/knowledge-reader.ts";

export const entitySchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  descriptions: z.array(z.string()),
  fileSources: z.array(z.string()).describe("the documents that it comes from"),
});

export const relationSchema = z.strictObject({
  source: z.string(),
  target: z.string(),
  keywords: z.array(z.string()),
  descriptions: z.array(z.string()),
  weight: z.number().describe("how often it was said"),
  fileSources: z.array(z.string()),
});

export function entityJson(entity: KnowledgeEntity): z.infer<typeof entitySchema> {
  const { name, type, descriptions, fileSources } = entity;
  return { name, type, descriptions: [...descriptions], fileSources: [...fileSources] };
}

export function relationJson(relation: KnowledgeRelation): z.infer<typeof relationSchema> {
  const { source, target, keywords, descriptions, weight, fileSources } = relation;
  return {
    source,
    target,
    keywords: [...keywords],
    descriptions: [...descriptions],
    weight,
    fileSources: [...fileSources],
  };
}
