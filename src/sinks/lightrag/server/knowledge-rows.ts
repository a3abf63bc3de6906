import type { KnowledgeEntity, KnowledgeGraph, KnowledgeRelation } from "../knowledge-reader.ts";
import { chunkIdsIn, descriptionsIn, fileSourcesIn, isCut, keywordsIn } from "../stored-lists.ts";
import type { EntityRow, GraphAnswer, RelationRow } from "./knowledge-wire.ts";

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

/** Nodes and edges of `/graphs`. Complete when neither the graph nor the list of documents of any part of it has been cut. */
export function toGraph(answer: GraphAnswer): KnowledgeGraph {
  const entities = answer.nodes.map(toGraphEntity);
  const relations = answer.edges.map(toGraphRelation);
  const isWhole = answer.is_truncated !== true && ![...entities, ...relations].some((each) => each.isCut);
  return { entities, relations, complete: isWhole };
}

/** Whether an entity comes from a document; "perhaps" where LightRAG has cut what would tell. */
export type Origin = "yes" | "no" | "perhaps";

/**
 * Since 1.5 an entity's chunk ids name their documents, and LightRAG keeps more of them than of the documents' names (LightRAG
 * contract §10.2). A document that only adds a relation to a known entity is found by them alone.
 */
export function originOf(node: GraphNode, { fileSource, documentId }: DocumentName): Origin {
  const { fileSources, isCut: namesAreCut } = toGraphEntity(node);
  const chunkIds = chunkIdsIn(node.properties.source_id ?? "");
  if (fileSources.includes(fileSource) || chunkIds.some((id) => id.startsWith(`${documentId}-chunk-`)))
    return "yes";
  const chunksTell = chunkIds.length > 0 && chunkIds.every((id) => id.startsWith("doc-"));
  return chunksAreCut(node) || (namesAreCut && !chunksTell) ? "perhaps" : "no";
}

interface DocumentName {
  fileSource: string;
  /** Of 1.5. */
  documentId: string;
}

/** LightRAG notes beside an entity how it has cut the list of its chunks, and leaves the note empty otherwise. */
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
