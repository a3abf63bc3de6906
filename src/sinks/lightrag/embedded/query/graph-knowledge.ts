import type { KnowledgeEntity, KnowledgeRelation } from "../../knowledge-reader.ts";
import { descriptionsIn, fileSourcesIn, isCut, keywordsIn } from "../../stored-lists.ts";
import type { GraphReader, RelationOf } from "../storage/readers.ts";

/** An entity of the graph as the port shows it; undefined for an unknown name. */
export function entityIn(graph: GraphReader, name: string): KnowledgeEntity | undefined {
  const attributes = graph.entity(name);
  if (attributes === undefined) return undefined;
  return {
    name,
    type: attributes.entity_type,
    descriptions: descriptionsIn(attributes.description),
    fileSources: fileSourcesIn(attributes.file_path),
    isCut: isCut(attributes.file_path),
  };
}

/** The known ones among these names. */
export function entitiesIn(graph: GraphReader, names: Iterable<string>): KnowledgeEntity[] {
  return [...names].flatMap((name) => entityIn(graph, name) ?? []);
}

/** A relation of the graph as the port shows it. */
export function toRelation({ source, target, attributes }: RelationOf): KnowledgeRelation {
  return {
    source,
    target,
    keywords: keywordsIn(attributes.keywords),
    descriptions: descriptionsIn(attributes.description),
    weight: attributes.weight,
    fileSources: fileSourcesIn(attributes.file_path),
    isCut: isCut(attributes.file_path),
  };
}
