import type { DocumentsWithin } from "../../knowledge-reader.ts";
import { textWithin } from "../../within.ts";
import type { SearchedStores, StoreReaders } from "../storage/readers.ts";
import { type ChunkRecord, fieldSeparator, type ProvenanceRecord } from "../storage/records.ts";
import { chunkIdsOfEntity, chunkIdsOfRelation } from "./look-up.ts";

/**
 * The stores as if they held nothing but these documents: the search is restricted, and not what it has found. An entity or a relation is
 * there if a chunk within names it. LightRAG merges what is said of it, so its words are there only if all of these chunks are.
 */
export function storesWithin(stores: StoreReaders, documents: DocumentsWithin): SearchedStores {
  const { graph, chunkVectors, entityVectors, relationVectors } = stores;
  const chunks = chunksWithin(stores.chunks, documents);
  const idsOfEntity = (name: string) => chunkIdsOfEntity(stores, name);
  const idsOfRelation = (a: string, b: string) => chunkIdsOfRelation(stores, a, b);
  const endsOf = (key: string): [string, string] => {
    const [a = "", b = ""] = key.split(fieldSeparator);
    return [a, b];
  };
  const hasSome = (ids: readonly string[]) => ids.some(chunks.has);
  const relation = (a: string, b: string) => {
    const attributes = graph.relation(a, b);
    const ids = idsOfRelation(a, b);
    if (attributes === undefined || !hasSome(ids)) return undefined;
    if (ids.every(chunks.isWhole)) return attributes;
    const named = chunks.provenance(ids);
    return { ...attributes, ...chunks.sources(ids), description: "", keywords: "", weight: named.count };
  };
  return {
    chunks,
    entityChunks: { get: (name) => chunks.provenance(idsOfEntity(name)) },
    relationChunks: { get: (key) => chunks.provenance(idsOfRelation(...endsOf(key))) },
    graph: {
      entity: (name) => {
        const attributes = graph.entity(name);
        const ids = idsOfEntity(name);
        if (attributes === undefined || !hasSome(ids)) return undefined;
        return ids.every(chunks.isWhole)
          ? attributes
          : { ...attributes, ...chunks.sources(ids), description: "" };
      },
      relation,
      relationsOf: (name) =>
        graph.relationsOf(name).flatMap(({ source, target }) => {
          const attributes = relation(source, target);
          return attributes === undefined ? [] : [{ source, target, attributes }];
        }),
    },
    chunkVectors: {
      nearest: (query, count, threshold) => chunkVectors.nearest(query, count, threshold, chunks.has),
    },
    entityVectors: {
      nearest: (query, count, threshold) =>
        entityVectors.nearest(query, count, threshold, (id) => {
          const payload = entityVectors.payload(id);
          return payload !== undefined && hasSome(idsOfEntity(payload.entity_name));
        }),
    },
    relationVectors: {
      nearest: (query, count, threshold) =>
        relationVectors.nearest(query, count, threshold, (id) => {
          const payload = relationVectors.payload(id);
          return payload !== undefined && hasSome(idsOfRelation(payload.src_id, payload.tgt_id));
        }),
      vector: (id) => relationVectors.vector(id),
    },
  };
}

/** The chunks within, each with as much of its text as is. */
function chunksWithin(store: StoreReaders["chunks"], documents: DocumentsWithin) {
  const texts = new Map<string, string | null>();
  const textOf = (id: string): string | null => {
    const known = texts.get(id);
    if (known !== undefined) return known;
    const record = store.get(id);
    const text =
      record === undefined
        ? null
        : textWithin({ text: record.content, fileSource: record.file_path }, documents);
    texts.set(id, text);
    return text;
  };
  const has = (id: string) => textOf(id) !== null;
  const get = (id: string): ChunkRecord | undefined => {
    const [record, content] = [store.get(id), textOf(id)];
    return record === undefined || content === null ? undefined : { ...record, content };
  };
  return {
    has,
    get,
    isWhole: (id: string) => has(id) && textOf(id) === store.get(id)?.content,
    provenance: (ids: readonly string[]): ProvenanceRecord => {
      const within = ids.filter(has);
      return { chunk_ids: within, count: within.length };
    },
    /** As the graph has them, of the chunks within. */
    sources: (ids: readonly string[]) => {
      const within = ids.filter(has);
      const names = new Set(within.flatMap((id) => store.get(id)?.file_path ?? []));
      return { source_id: within.join(fieldSeparator), file_path: [...names].join(fieldSeparator) };
    },
  };
}
