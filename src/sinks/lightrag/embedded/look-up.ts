import { relationKey } from "./storage/keys.ts";
import type { StoreReaders } from "./storage/readers.ts";
import { type ChunkRecord, fieldSeparator } from "./storage/records.ts";

/** A document as one that something was found in. */
export interface FoundDocument {
  documentId: string;
  /** The name that leads back to the memory, see `parseFileSource`. */
  fileSource: string;
}

export interface FoundChunk {
  chunkId: string;
  record: ChunkRecord;
}

/** The ids of the chunks that speak of an entity, oldest first: complete, while the graph's own list may be cut (contract §9.2). */
export function chunkIdsOfEntity({ entityChunks, graph }: StoreReaders, name: string): readonly string[] {
  return entityChunks.get(name)?.chunk_ids ?? graph.entity(name)?.source_id.split(fieldSeparator) ?? [];
}

/** The ids of the chunks that speak of a relation, oldest first. */
export function chunkIdsOfRelation(
  { relationChunks, graph }: StoreReaders,
  a: string,
  b: string,
): readonly string[] {
  const noted = relationChunks.get(relationKey(a, b))?.chunk_ids;
  return noted ?? graph.relation(a, b)?.source_id.split(fieldSeparator) ?? [];
}

/** The chunks that speak of an entity, oldest first; none for an unknown name. */
export function chunksOfEntity(stores: StoreReaders, name: string): FoundChunk[] {
  return chunksOf(stores, chunkIdsOfEntity(stores, name));
}

/** The documents that speak of an entity, oldest first, each once. */
export function documentsOfEntity(stores: StoreReaders, name: string): FoundDocument[] {
  const byId = new Map(
    chunksOfEntity(stores, name).map(({ record }): [string, FoundDocument] => [
      record.full_doc_id,
      { documentId: record.full_doc_id, fileSource: record.file_path },
    ]),
  );
  return [...byId.values()];
}

/** The entities that a document speaks of, in the order of their names; none for an unknown document. */
export function entitiesOfDocument(stores: StoreReaders, documentId: string): string[] {
  const candidates = stores.documentEntities.get(documentId)?.entity_names ?? [];
  return candidates.filter((name) => stores.graph.entity(name) !== undefined);
}

function chunksOf(stores: StoreReaders, chunkIds: readonly string[]): FoundChunk[] {
  return chunkIds.flatMap((chunkId) => {
    const record = stores.chunks.get(chunkId);
    return record === undefined ? [] : [{ chunkId, record }];
  });
}
