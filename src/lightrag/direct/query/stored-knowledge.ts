import type { KnowledgeEntity, KnowledgeRelation } from "../../knowledge-reader.ts";
import type { RelationOf } from "../storage/readers.ts";
import { type EntityAttributes, fieldSeparator } from "../storage/records.ts";

/** A node of the graph as the port shows it. */
export function toEntity(name: string, attributes: Readonly<EntityAttributes>): KnowledgeEntity {
  return {
    name,
    type: attributes.entity_type,
    descriptions: partsOf(attributes.description),
    fileSources: sourcesOf(attributes.file_path),
  };
}

/** An edge of the graph as the port shows it. */
export function toRelation({ source, target, attributes }: RelationOf): KnowledgeRelation {
  return {
    source,
    target,
    keywords: attributes.keywords.split(",").filter(Boolean),
    descriptions: partsOf(attributes.description),
    weight: attributes.weight,
    fileSources: sourcesOf(attributes.file_path),
  };
}

function partsOf(joined: string): string[] {
  return joined.split(fieldSeparator).filter(Boolean);
}

/** Without the note that LightRAG puts behind a list that it has cut (contract §10.2). */
function sourcesOf(joined: string): string[] {
  return partsOf(joined).filter((path) => !path.startsWith("...truncated..."));
}
