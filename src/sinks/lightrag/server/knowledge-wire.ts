import { z } from "zod";
import type { KnowledgeEntity, KnowledgeGraph, KnowledgeRelation } from "../knowledge-reader.ts";
import { chunkIdsIn, descriptionsIn, fileSourcesIn, isCut, keywordsIn } from "../stored-lists.ts";

/** The parts of LightRAG's knowledge answers that are used (LightRAG contract §6). */

const entityRow = z.object({
  entity_name: z.string(),
  entity_type: z.string().nullish(),
  description: z.string().nullish(),
  file_path: z.string().nullish(),
});
export type EntityRow = z.infer<typeof entityRow>;

const relationRow = z.object({
  src_id: z.string(),
  tgt_id: z.string(),
  keywords: z.string().nullish(),
  description: z.string().nullish(),
  weight: z.number().nullish(),
  file_path: z.string().nullish(),
});
export type RelationRow = z.infer<typeof relationRow>;

const chunkRow = z.object({
  content: z.string(),
  file_path: z.string().nullish(),
  chunk_id: z.string().nullish(),
});

const keywordLists = z.object({
  high_level: z.array(z.string()).default([]),
  low_level: z.array(z.string()).default([]),
});

/** `data` is empty when nothing was found; then `status` is `failure`. */
export const queryDataAnswer = z.object({
  data: z.object({
    entities: z.array(entityRow).default([]),
    relationships: z.array(relationRow).default([]),
    chunks: z.array(chunkRow).default([]),
  }),
  metadata: z.object({ keywords: keywordLists.nullish() }).nullish(),
});
export type QueryData = z.infer<typeof queryDataAnswer>;

export const answerAnswer = z.object({
  response: z.string(),
  references: z.array(z.object({ file_path: z.string() })).nullish(),
});

/** Properties depend on the graph storage; a server may omit any of them. */
const properties = z.object({
  entity_type: z.string().nullish(),
  description: z.string().nullish(),
  keywords: z.string().nullish(),
  weight: z.number().nullish(),
  file_path: z.string().nullish(),
  source_id: z.string().nullish(),
  truncate: z.string().nullish(),
});

export const graphAnswer = z.object({
  nodes: z.array(z.object({ id: z.string(), properties })),
  edges: z.array(z.object({ source: z.string(), target: z.string(), properties })),
  is_truncated: z.boolean().nullish(),
});

export type GraphAnswer = z.infer<typeof graphAnswer>;

export const labelsAnswer = z.array(z.string());

export function toEntity(row: EntityRow): KnowledgeEntity {
  return {
    name: row.entity_name,
    type: row.entity_type ?? "",
    descriptions: descriptionsIn(row.description ?? ""),
    fileSources: fileSourcesIn(row.file_path ?? ""),
    isCut: isCut(row.file_path ?? ""),
  };
}

export function toRelation(row: RelationRow): KnowledgeRelation {
  return {
    source: row.src_id,
    target: row.tgt_id,
    keywords: keywordsIn(row.keywords ?? ""),
    descriptions: descriptionsIn(row.description ?? ""),
    weight: row.weight ?? 1,
    fileSources: fileSourcesIn(row.file_path ?? ""),
    isCut: isCut(row.file_path ?? ""),
  };
}

/** Converts the nodes and edges of `/graphs`. Complete when neither the graph nor any list of documents has been truncated. */
export function toGraph(answer: GraphAnswer): KnowledgeGraph {
  const entities = answer.nodes.map(toGraphEntity);
  const relations = answer.edges.map(toGraphRelation);
  const isWhole = answer.is_truncated !== true && ![...entities, ...relations].some((each) => each.isCut);
  return { entities, relations, complete: isWhole };
}

/** Whether an entity comes from a document; "perhaps" when LightRAG has truncated the evidence. */
type Origin = "yes" | "no" | "perhaps";

/**
 * Since 1.5 an entity's chunk ids name their documents, and LightRAG keeps more of them than of the documents' names (LightRAG
 * contract §10.2). Only they show a document that merely adds a relation to a known entity.
 */
export function originOf(node: GraphNode, { fileSource, documentId }: DocumentName): Origin {
  const { fileSources, isCut: namesAreCut } = toGraphEntity(node);
  const chunkIds = chunkIdsIn(node.properties.source_id ?? "");
  if (fileSources.includes(fileSource) || chunkIds.some((id) => id.startsWith(`${documentId}-chunk-`)))
    return "yes";
  const chunksTell = chunkIds.length > 0 && chunkIds.every((id) => id.startsWith("doc-"));
  return chunksAreCut(node) || (namesAreCut && !chunksTell) ? "perhaps" : "no";
}

export interface DocumentName {
  fileSource: string;
  /** LightRAG 1.5 only. */
  documentId: string;
}

/** LightRAG records with an entity how it has truncated the list of its chunks, and leaves the field empty otherwise. */
export function chunksAreCut({ properties }: GraphNode): boolean {
  return (properties.truncate ?? "") !== "";
}

type GraphNode = GraphAnswer["nodes"][number];

export function toGraphRelation({ source, target, properties }: GraphAnswer["edges"][number]) {
  return toRelation({ src_id: source, tgt_id: target, ...properties });
}

export function toGraphEntity({ id, properties }: GraphNode): KnowledgeEntity {
  return toEntity({ entity_name: id, ...properties });
}
