import type { DocumentsWithin } from "../../knowledge-reader.ts";
import { textWithin } from "../../within.ts";
import { relationKey } from "../storage/keys.ts";
import type { SearchedStores, StoreReaders } from "../storage/readers.ts";
import { type ChunkRecord, fieldSeparator, type ProvenanceRecord } from "../storage/records.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { chunkIdsOfEntity, chunkIdsOfRelation } from "./look-up.ts";

/**
 * The stores as if they held nothing but these documents: the search is restricted, and not what it has found. An entity or a relation is
 * there if a chunk within names it. LightRAG merges what is said of it, so its words are there only if all of these chunks are.
 */
export function storesWithin(
  stores: StoreReaders,
  index: ChunkIndex,
  documents: DocumentsWithin,
): SearchedStores {
  const chunks = new ChunksWithin(stores.chunks, index, documents);
  const mentions = mentionsIn(stores);
  return {
    chunks,
    entityChunks: { get: (name) => chunks.provenance(mentions.ofEntity(name)) },
    relationChunks: {
      get: (key) => {
        const [a = "", b = ""] = key.split(fieldSeparator);
        return chunks.provenance(mentions.ofRelation(a, b));
      },
    },
    graph: graphWithin(stores.graph, mentions, chunks),
    ...vectorsWithin(stores, mentions, chunks),
  };
}

/** The chunks that mention a thing; a question asks for those of the same things again and again, and they are read from files. */
interface Mentions {
  ofEntity(name: string): readonly string[];
  ofRelation(a: string, b: string): readonly string[];
}

function mentionsIn(stores: StoreReaders): Mentions {
  const known = new Map<string, readonly string[]>();
  const remembered = (key: string, read: () => readonly string[]) => {
    const ids = known.get(key) ?? read();
    known.set(key, ids);
    return ids;
  };
  return {
    ofEntity: (name) => remembered(name, () => chunkIdsOfEntity(stores, name)),
    ofRelation: (a, b) => remembered(relationKey(a, b), () => chunkIdsOfRelation(stores, a, b)),
  };
}

function graphWithin(
  graph: StoreReaders["graph"],
  mentions: Mentions,
  chunks: ChunksWithin,
): SearchedStores["graph"] {
  const entity: SearchedStores["graph"]["entity"] = (name) => {
    const attributes = graph.entity(name);
    const ids = mentions.ofEntity(name);
    if (attributes === undefined || !chunks.hasSome(ids)) return undefined;
    return chunks.isWhole(ids) ? attributes : { ...attributes, ...chunks.sourcesOf(ids), description: "" };
  };
  const relation: SearchedStores["graph"]["relation"] = (a, b) => {
    const attributes = graph.relation(a, b);
    const ids = mentions.ofRelation(a, b);
    if (attributes === undefined || !chunks.hasSome(ids)) return undefined;
    if (chunks.isWhole(ids)) return attributes;
    const weight = chunks.provenance(ids).count;
    return { ...attributes, ...chunks.sourcesOf(ids), description: "", keywords: "", weight };
  };
  const relationsOf: SearchedStores["graph"]["relationsOf"] = (name) =>
    graph.relationsOf(name).flatMap(({ source, target }) => {
      const attributes = relation(source, target);
      return attributes === undefined ? [] : [{ source, target, attributes }];
    });
  return { entity, relation, relationsOf };
}

function vectorsWithin(
  stores: StoreReaders,
  mentions: Mentions,
  chunks: ChunksWithin,
): Pick<SearchedStores, "chunkVectors" | "entityVectors" | "relationVectors"> {
  const { chunkVectors, entityVectors, relationVectors } = stores;
  const hasEntity = (id: string) => {
    const payload = entityVectors.payload(id);
    return payload !== undefined && chunks.hasSome(mentions.ofEntity(payload.entity_name));
  };
  const hasRelation = (id: string) => {
    const payload = relationVectors.payload(id);
    if (payload === undefined) return false;
    return chunks.hasSome(mentions.ofRelation(payload.src_id, payload.tgt_id));
  };
  return {
    chunkVectors: { nearest: (query, count, least) => chunkVectors.nearest(query, count, least, chunks.has) },
    entityVectors: {
      nearest: (query, count, least) => entityVectors.nearest(query, count, least, hasEntity),
      payload: (id) => entityVectors.payload(id),
    },
    relationVectors: {
      nearest: (query, count, least) => relationVectors.nearest(query, count, least, hasRelation),
      payload: (id) => relationVectors.payload(id),
      vector: (id) => relationVectors.vector(id),
    },
  };
}

/** The chunks within, each with as much of its text as is. A text is read only where a part of its document may be without. */
class ChunksWithin {
  readonly #store: StoreReaders["chunks"];
  readonly #index: ChunkIndex;
  readonly #documents: DocumentsWithin;
  readonly #texts = new Map<string, string | null>();

  constructor(store: StoreReaders["chunks"], index: ChunkIndex, documents: DocumentsWithin) {
    this.#store = store;
    this.#index = index;
    this.#documents = documents;
  }

  readonly has = (id: string): boolean => {
    const part = this.#partOf(id);
    return part === "whole" || (part !== undefined && this.#textOf(id) !== null);
  };

  get(id: string): ChunkRecord | undefined {
    const [record, content] = [this.#store.get(id), this.#textOf(id)];
    return record === undefined || content === null ? undefined : { ...record, content };
  }

  hasSome(ids: readonly string[]): boolean {
    return ids.some(this.has);
  }

  /** Whether nothing of these chunks is left out. */
  isWhole(ids: readonly string[]): boolean {
    return ids.every((id) => this.#partOf(id) === "whole" || this.#hasAllOf(id));
  }

  provenance(ids: readonly string[]): ProvenanceRecord {
    const within = ids.filter(this.has);
    return { chunk_ids: within, count: within.length };
  }

  /** Where a thing of these chunks comes from, as the graph has it. */
  sourcesOf(ids: readonly string[]): { source_id: string; file_path: string } {
    const within = ids.filter(this.has);
    const names = new Set(within.flatMap((id) => this.#documentOf(id) ?? []));
    return { source_id: within.join(fieldSeparator), file_path: [...names].join(fieldSeparator) };
  }

  #documentOf(id: string): string | undefined {
    return this.#index.fileSourceOf(id);
  }

  #partOf(id: string): "whole" | ReadonlySet<string> | undefined {
    const name = this.#documentOf(id);
    return name === undefined ? undefined : this.#documents.get(name);
  }

  #hasAllOf(id: string): boolean {
    return this.has(id) && this.#textOf(id) === this.#store.get(id)?.content;
  }

  #textOf(id: string): string | null {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const record = this.#store.get(id);
    const chunk = record && { text: record.content, fileSource: record.file_path };
    const text = chunk === undefined ? null : textWithin(chunk, this.#documents);
    this.#texts.set(id, text);
    return text;
  }
}
