import type { KnowledgeEntity, KnowledgeGraph, KnowledgeRelation } from "../knowledge-reader.ts";
import { descriptionsIn, fileSourcesIn, keywordsIn } from "../stored-lists.ts";
import type { EntityRow, GraphAnswer, RelationRow } from "./knowledge-wire.ts";

export function toEntity(row: EntityRow): KnowledgeEntity {
  return {
    name: row.entity_name,
    type: row.entity_type ?? "",
    descriptions: descriptionsIn(row.description ?? ""),
    fileSources: fileSourcesIn(row.file_path ?? ""),
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
  };
}

/** Nodes and edges of `/graphs`. */
export function toGraph(answer: GraphAnswer): KnowledgeGraph {
  return {
    entities: answer.nodes.map(toGraphEntity),
    relations: answer.edges.map(({ source, target, properties }) =>
      toRelation({ src_id: source, tgt_id: target, ...properties }),
    ),
    complete: answer.is_truncated !== true,
  };
}

export function toGraphEntity({ id, properties }: GraphAnswer["nodes"][number]): KnowledgeEntity {
  return toEntity({ entity_name: id, ...properties });
}
