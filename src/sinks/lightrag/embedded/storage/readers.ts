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

/** Reading side of a key-value store. Values are the caller's to keep but not to change. */
export interface KvReader<Value> {
  readonly size: number;
  has(key: string): boolean;
  get(key: string): Value | undefined;
  /** In order of insertion. */
  keys(): IterableIterator<string>;
}

/** A store that tells when it has changed, so that what was made from its values can be kept as long as they stay. */
export interface RevisedKvReader<Value> extends KvReader<Value> {
  /** Another number after every change. */
  readonly revision: number;
}

export interface RelationOf {
  /** The two ends; their order carries no meaning. */
  source: string;
  target: string;
  attributes: Readonly<RelationAttributes>;
}

/** Reading side of the graph: undirected, at most one edge between two nodes, no loops. */
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

export interface VectorMatch<Payload> {
  id: string;
  /** Cosine similarity, -1 to 1. */
  score: number;
  payload: Readonly<Payload>;
}

/** Reading side of a vector store. */
export interface VectorReader<Payload> {
  readonly size: number;
  readonly dimension: number;
  has(id: string): boolean;
  payload(id: string): Readonly<Payload> | undefined;
  /** The stored vector, normalised to length 1. A copy. */
  vector(id: string): Float32Array | undefined;
  /** The `count` nearest at or above `threshold` by cosine, best first; equal scores in order of insertion. */
  nearest(query: Float32Array, count: number, threshold: number): VectorMatch<Payload>[];
}

/** Everything that a folder holds, for reading. What is seen is the newest committed state; each call sees it afresh. */
export interface StoreReaders {
  documents: KvReader<FullDocumentRecord>;
  documentStatus: KvReader<DocumentStatusRecord>;
  chunks: RevisedKvReader<ChunkRecord>;
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
