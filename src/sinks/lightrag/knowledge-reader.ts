/** LightRAG's query modes (contract §6.1) that retrieve knowledge, unlike the one that only passes the question to a language model. */
export const queryModes = ["naive", "local", "global", "hybrid", "mix"] as const;
export type QueryMode = (typeof queryModes)[number];

/** What of documents a question may use, by the document's name: all of it, or these notes of a document that several share. */
export type DocumentsWithin = ReadonlyMap<string, "whole" | ReadonlySet<string>>;

/** Restricts a question to some memories: nothing else is found, cited or shown to a model. */
export interface QueryFilter {
  /** Every document of them, for a search that can be restricted. */
  all(signal: AbortSignal): Promise<DocumentsWithin>;
  /** Those among these, for a server that finds what it finds. */
  among(fileSources: Iterable<string>, signal: AbortSignal): Promise<DocumentsWithin>;
}

export interface KnowledgeQuery {
  question: string;
  mode: QueryMode;
  /** The most entities, and the most relations. */
  topK: number;
  /** The most chunks. */
  chunkTopK: number;
  /** Whether to ask the chat model, if there is one, for an answer. */
  answer: boolean;
  within?: QueryFilter | undefined;
}

export interface KnowledgeEntity {
  name: string;
  type: string;
  /** Its descriptions, oldest first. With a filter none, unless everything that mentions it is within: LightRAG merges them. */
  descriptions: readonly string[];
  /** The documents that mention it, by the names that `parseFileSource` reads. */
  fileSources: readonly string[];
  /** Whether LightRAG has truncated a long list of documents. */
  isCut: boolean;
}

export interface KnowledgeRelation {
  /** The two ends; their order carries no meaning. */
  source: string;
  target: string;
  keywords: readonly string[];
  descriptions: readonly string[];
  /** How often it was mentioned. */
  weight: number;
  fileSources: readonly string[];
  /** Whether LightRAG has truncated the list of documents. */
  isCut: boolean;
}

export interface KnowledgeChunk {
  id: string;
  /** The whole text: for a memory that fits into one chunk, the document with its header. */
  text: string;
  fileSource: string;
}

/** The keywords of a question. */
export interface QueryKeywords {
  /** Themes, by which relations are searched. */
  high: readonly string[];
  /** Names and things, by which entities are searched. */
  low: readonly string[];
}

export interface KnowledgeAnswer {
  text: string;
  /** The documents that the answer is based on, most used first. */
  fileSources: readonly string[];
}

/** The findings for a question, each list best first. */
export interface Findings {
  keywords: QueryKeywords;
  entities: readonly KnowledgeEntity[];
  relations: readonly KnowledgeRelation[];
  chunks: readonly KnowledgeChunk[];
  /** Null without a chat model, when none was requested, and when nothing was found. */
  answer: KnowledgeAnswer | null;
  /** How many chunks the filter was applied to, where LightRAG cannot restrict its search; absent otherwise. */
  offered?: number;
}

/**
 * Whether nothing is missing. A server limits the number of nodes in an answer (LightRAG contract §6.3), and truncates long lists
 * of documents.
 */
interface Completeness {
  complete: boolean;
}

export interface KnowledgeGraph extends Completeness {
  entities: readonly KnowledgeEntity[];
  relations: readonly KnowledgeRelation[];
}

/** A stretch of lists that may be long: the items at `from` (counted from 0) to before `from + limit`. */
export interface Stretch {
  from: number;
  limit: number;
}

/** All of it. */
export const wholeLists: Stretch = { from: 0, limit: Number.POSITIVE_INFINITY };

/** Part of a list. */
export function stretchOf<Item>(list: readonly Item[], { from, limit }: Stretch): Item[] {
  return list.slice(from, from + limit);
}

/** An entity with the same stretch of each of its lists, which grow with what is said of it. */
export interface EntityView extends Completeness {
  /** Its documents are those of the stretch, oldest first; each is in one stretch only. */
  entity: KnowledgeEntity;
  /** Those with most mentions first. */
  relations: readonly KnowledgeRelation[];
  /** The chunks that mention it, oldest first. A server may have truncated a long list. */
  chunkIds: readonly string[];
  /** How many there are of each. */
  counts: { relations: number; chunks: number };
  /** Whether a list goes on after the stretch. */
  hasMore: boolean;
}

export interface DocumentEntities extends Completeness {
  entities: readonly KnowledgeEntity[];
}

/** A piece of a document as LightRAG cut it, with what it found in there. */
export interface DocumentChunk {
  id: string;
  /** From 0; null where it is not told. */
  order: number | null;
  tokens: number | null;
  text: string | null;
  entities: readonly KnowledgeEntity[];
  relations: readonly KnowledgeRelation[];
}

export interface DocumentChunks extends Completeness {
  /** In their order. */
  chunks: readonly DocumentChunk[];
  /** Whether LightRAG tells the texts of chunks. If not, these are the ones that its graph names. */
  isTold: boolean;
}

/**
 * The port for reading LightRAG's knowledge. Contract:
 * - Nothing is changed; every method may be called at any time and concurrently, also during a sync.
 * - Only processed and committed documents are visible.
 * - Errors are `ConnectorError`s without keys, questions or document text.
 */
export interface KnowledgeReader {
  query(query: KnowledgeQuery, signal: AbortSignal): Promise<Findings>;

  /** Finds an entity by its exact name; null when there is none. What a stretch costs does not grow with what is before or after it. */
  entity(name: string, signal: AbortSignal, stretch?: Stretch): Promise<EntityView | null>;

  /** Names that contain a text, ignoring case, the best match first. */
  findNames(part: string, limit: number, signal: AbortSignal): Promise<string[]>;

  /** The entities that a document mentions, by the document's name. */
  entitiesOf(fileSource: string, signal: AbortSignal): Promise<DocumentEntities>;

  /** The text of a document as it is stored; null where there is none, or where it is not told. */
  textOf(fileSource: string, signal: AbortSignal): Promise<string | null>;

  /** The chunks of a document, by the document's name; none for an unknown one. */
  chunksOf(fileSource: string, signal: AbortSignal): Promise<DocumentChunks>;

  /** The whole graph, or the part that the server shows. */
  graph(signal: AbortSignal): Promise<KnowledgeGraph>;
}
