import {
  type DocumentChunk,
  type KnowledgeEntity,
  type KnowledgeRelation,
  type Stretch,
  stretchOf,
} from "../../knowledge-reader.ts";
import { descriptionsIn, fileSourcesIn, isCut, keywordsIn } from "../../stored-lists.ts";
import { relationKey } from "../storage/keys.ts";
import type { RelationOf, SearchedStores, StoreReaders } from "../storage/readers.ts";
import { type ChunkRecord, fieldSeparator } from "../storage/records.ts";

/** A document in which something was found. */
export interface FoundDocument {
  documentId: string;
  /** The document's name, from which `parseFileSource` gets the memory. */
  fileSource: string;
}

export interface FoundChunk {
  chunkId: string;
  record: ChunkRecord;
}

/**
 * The ids of the chunks that mention an entity, oldest first: complete, whereas the graph's own list may be cut (contract §9.2).
 */
export function chunkIdsOfEntity(
  { entityChunks, graph }: Pick<SearchedStores, "entityChunks" | "graph">,
  name: string,
): readonly string[] {
  return entityChunks.get(name)?.chunk_ids ?? graph.entity(name)?.source_id.split(fieldSeparator) ?? [];
}

/** The ids of the chunks that mention a relation, oldest first. */
export function chunkIdsOfRelation(
  { relationChunks, graph }: Pick<SearchedStores, "relationChunks" | "graph">,
  a: string,
  b: string,
): readonly string[] {
  const noted = relationChunks.get(relationKey(a, b))?.chunk_ids;
  return noted ?? graph.relation(a, b)?.source_id.split(fieldSeparator) ?? [];
}

/** The chunks that mention an entity, oldest first; none for an unknown name. */
export function chunksOfEntity(stores: StoreReaders, name: string): FoundChunk[] {
  return chunksOf(stores, chunkIdsOfEntity(stores, name));
}

/** The documents that mention an entity, oldest first, each once. */
export function documentsOfEntity(stores: StoreReaders, name: string): FoundDocument[] {
  const byId = new Map(
    chunksOfEntity(stores, name).map(({ record }): [string, FoundDocument] => [
      record.full_doc_id,
      { documentId: record.full_doc_id, fileSource: record.file_path },
    ]),
  );
  return [...byId.values()];
}

/**
 * The documents of a stretch of chunks, in their order. The chunks of a document stand side by side: one that began before the stretch belongs
 * to the stretch before.
 */
export function fileSourcesOf(stores: StoreReaders, chunkIds: readonly string[], stretch: Stretch): string[] {
  const before = chunkIds[stretch.from - 1];
  const begun = before === undefined ? undefined : stores.chunks.get(before)?.file_path;
  const names = new Set(chunksOf(stores, stretchOf(chunkIds, stretch)).map(({ record }) => record.file_path));
  if (begun !== undefined) names.delete(begun);
  return [...names];
}

/** The entities that a document mentions, sorted by name; none for an unknown document. */
export function entitiesOfDocument(stores: StoreReaders, documentId: string): string[] {
  const candidates = stores.documentEntities.get(documentId)?.entity_names ?? [];
  return candidates.filter((name) => stores.graph.entity(name) !== undefined);
}

/** The chunks of a document in their order, each with what was found in it; none for an unknown document. */
export function chunksOfDocument(stores: StoreReaders, documentId: string): DocumentChunk[] {
  const entities = entitiesOfDocument(stores, documentId).map((name) => ({
    chunkIds: new Set(chunkIdsOfEntity(stores, name)),
    found: entitiesIn(stores.graph, [name]),
  }));
  const relations = (stores.documentRelations.get(documentId)?.relation_pairs ?? []).map(([a, b]) => ({
    chunkIds: new Set(chunkIdsOfRelation(stores, a, b)),
    found: relationIn(stores.graph, a, b),
  }));
  const chunkIds = stores.documentStatus.get(documentId)?.chunks_list ?? [];
  return chunksOf(stores, chunkIds).map(({ chunkId, record }) => ({
    id: chunkId,
    order: record.chunk_order_index,
    tokens: record.tokens,
    text: record.content,
    entities: entities.flatMap((each) => (each.chunkIds.has(chunkId) ? each.found : [])),
    relations: relations.flatMap((each) => (each.chunkIds.has(chunkId) ? each.found : [])),
  }));
}

function relationIn(graph: SearchedStores["graph"], source: string, target: string): KnowledgeRelation[] {
  const attributes = graph.relation(source, target);
  return attributes === undefined ? [] : [toRelation({ source, target, attributes })];
}

function chunksOf(stores: StoreReaders, chunkIds: readonly string[]): FoundChunk[] {
  return chunkIds.flatMap((chunkId) => {
    const record = stores.chunks.get(chunkId);
    return record === undefined ? [] : [{ chunkId, record }];
  });
}

/** Converts an entity of the graph to the port's form; undefined for an unknown name. */
export function entityIn(graph: SearchedStores["graph"], name: string): KnowledgeEntity | undefined {
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
export function entitiesIn(graph: SearchedStores["graph"], names: Iterable<string>): KnowledgeEntity[] {
  return [...names].flatMap((name) => entityIn(graph, name) ?? []);
}

/** Converts a relation of the graph to the port's form. */
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
