import type { Pieces } from "../../../../kernel/util/pieces.ts";
import type {
  CachedAnswerRecord,
  ChunkRecord,
  ChunkVectorPayload,
  DocumentEntitiesRecord,
  DocumentRelationsRecord,
  DocumentStatusRecord,
  EntityAttributes,
  EntityVectorPayload,
  FullDocumentRecord,
  ProvenanceRecord,
  RelationAttributes,
  RelationVectorPayload,
} from "./records.ts";

/** Read access to a key-value store. Callers may keep values but must not change them. */
export interface KvReader<Value> {
  readonly size: number;
  has(key: string): boolean;
  get(key: string): Value | undefined;
  /** In order of insertion. */
  keys(): IterableIterator<string>;
}

/** A store that is read as a whole. */
export interface WholeKvReader<Value> extends KvReader<Value> {
  /** All keys with their values, in order of insertion: faster than one after the other. */
  entries(): IterableIterator<[key: string, value: Value]>;
}

/** A store whose changes can be followed, so that what is made of its values is kept up to date. */
export interface WatchedKvReader<Value> extends WholeKvReader<Value> {
  /** Calls `changed` after each write of a key: whether it has a value now. */
  watch(changed: (key: string, isThere: boolean) => void): void;
}

export interface RelationOf {
  /** The two ends; their order carries no meaning. */
  source: string;
  target: string;
  attributes: Readonly<RelationAttributes>;
}

/** Read access to the graph: undirected, at most one edge between two nodes, no loops. */
export interface GraphReader {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** In order of insertion. */
  names(): IterableIterator<string>;
  entity(name: string): Readonly<EntityAttributes> | undefined;
  relation(a: string, b: string): Readonly<RelationAttributes> | undefined;
  /** Every relation that has this entity as an end; empty for an unknown name. */
  relationsOf(name: string): RelationOf[];
  /** How many relations an entity has; 0 for an unknown name. */
  degree(name: string): number;
  /** Every relation of the graph once. */
  relations(): IterableIterator<RelationOf>;
}

export interface VectorMatch {
  id: string;
  /** Cosine similarity, -1 to 1. */
  score: number;
}

/** Read access to a vector store. */
export interface VectorReader<Payload> {
  readonly size: number;
  readonly dimension: number;
  has(id: string): boolean;
  payload(id: string): Readonly<Payload> | undefined;
  /** The stored vector, normalised to length 1. A copy. */
  vector(id: string): Float32Array | undefined;
  /**
   * In pieces: the `count` nearest at or above `threshold` by cosine, best first; equal scores in order of insertion. `isMeant` restricts the search to
   * some of them.
   */
  nearest(
    query: Float32Array,
    count: number,
    threshold: number,
    isMeant?: (id: string) => boolean,
  ): Pieces<VectorMatch[]>;
}

/** Read access to all stores of a folder. Every call sees the latest committed state. */
export interface StoreReaders {
  documents: KvReader<FullDocumentRecord>;
  documentStatus: WholeKvReader<DocumentStatusRecord>;
  chunks: WatchedKvReader<ChunkRecord>;
  documentEntities: KvReader<DocumentEntitiesRecord>;
  documentRelations: KvReader<DocumentRelationsRecord>;
  entityChunks: KvReader<ProvenanceRecord>;
  relationChunks: KvReader<ProvenanceRecord>;
  answers: KvReader<CachedAnswerRecord>;
  graph: GraphReader;
  chunkVectors: VectorReader<ChunkVectorPayload>;
  entityVectors: VectorReader<EntityVectorPayload>;
  relationVectors: VectorReader<RelationVectorPayload>;
}

/** As much of the stores as a question searches. */
export interface SearchedStores {
  chunks: Pick<KvReader<ChunkRecord>, "get" | "has">;
  entityChunks: Pick<KvReader<ProvenanceRecord>, "get">;
  relationChunks: Pick<KvReader<ProvenanceRecord>, "get">;
  graph: Pick<GraphReader, "entity" | "relation" | "relationsOf">;
  chunkVectors: Pick<VectorReader<ChunkVectorPayload>, "nearest">;
  entityVectors: Pick<VectorReader<EntityVectorPayload>, "nearest" | "payload">;
  relationVectors: Pick<VectorReader<RelationVectorPayload>, "nearest" | "payload" | "vector">;
}
