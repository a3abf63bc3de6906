/**
 * The shapes of LightRAG's stored records (contract §9.2 to §9.4). Field names are LightRAG's own. Times named `*_time` and
 * `created_at` of the graph are whole seconds since the epoch; those of the document status are ISO 8601 with an offset.
 */

/** Joins list values inside one string: source ids, file paths, description fragments. */
export const fieldSeparator = "<SEP>";

/** Key: chunk id. */
export interface ChunkRecord {
  tokens: number;
  content: string;
  /** From 0 within its document. */
  chunk_order_index: number;
  full_doc_id: string;
  file_path: string;
  /** Keys of the cached extraction answers. */
  llm_cache_list?: string[];
}

/** Key: document id. */
export interface FullDocumentRecord {
  content: string;
  file_path: string;
  content_hash?: string;
  [field: string]: unknown;
}

/** LightRAG's own names of document statuses. */
export type StoredDocumentStatus =
  | "pending"
  | "parsing"
  | "analyzing"
  | "processing"
  | "preprocessed"
  | "processed"
  | "failed";

/** Key: document id, or `dup-…` for the note of a refused duplicate. */
export interface DocumentStatusRecord {
  status: StoredDocumentStatus;
  content_summary: string;
  /** Code points. */
  content_length: number;
  created_at: string;
  updated_at: string;
  file_path: string;
  track_id: string;
  chunks_count?: number;
  chunks_list?: string[];
  error_msg?: string;
  content_hash?: string;
  metadata?: Record<string, unknown>;
}

/** Key: document id. The names of the entities that a document contributed to, ends of relations included. */
export interface DocumentEntitiesRecord {
  entity_names: string[];
  count: number;
}

/** Key: document id. */
export interface DocumentRelationsRecord {
  relation_pairs: [string, string][];
  count: number;
}

/** Key: entity name, or both names of a relation in order joined by `<SEP>`. Every chunk that mentions it, oldest first. */
export interface ProvenanceRecord {
  chunk_ids: string[];
  count: number;
}

/** Key: `<mode>:<type>:<md5>`. */
export interface CachedAnswerRecord {
  return: string;
  cache_type: string;
  chunk_id: string | null;
  original_prompt: string;
  queryparam: Record<string, unknown> | null;
  create_time?: number;
}

/** Attributes of a node; the node's key is the entity name. */
export interface EntityAttributes {
  entity_id: string;
  entity_type: string;
  /** Fragments joined by `<SEP>`. */
  description: string;
  /** Chunk ids joined by `<SEP>`, limited; the complete list is the provenance record. */
  source_id: string;
  /** File sources of the documents joined by `<SEP>`, limited. */
  file_path: string;
  created_at: number;
  truncate: string;
}

/** Attributes of the one edge between two entities. */
export interface RelationAttributes {
  weight: number;
  description: string;
  /** Comma-separated, sorted. */
  keywords: string;
  source_id: string;
  file_path: string;
  created_at: number;
  truncate: string;
}

/** Payload of a vector of `vdb_chunks.json`; its id is the chunk id. */
export interface ChunkVectorPayload {
  content: string;
  full_doc_id: string;
  file_path: string;
}

/** Payload of a vector of `vdb_entities.json`; its id is `ent-` + md5(name). */
export interface EntityVectorPayload {
  entity_name: string;
  content: string;
  source_id: string;
  file_path: string;
}

/** Payload of a vector of `vdb_relationships.json`; its id is `rel-` + md5(both names in order). */
export interface RelationVectorPayload {
  src_id: string;
  tgt_id: string;
  content: string;
  source_id: string;
  file_path: string;
}
