/** LightRAG's ways of looking (contract §6.1) that find something without asking a language model everything. */
export const queryModes = ["naive", "local", "global", "hybrid", "mix"] as const;
export type QueryMode = (typeof queryModes)[number];

export interface KnowledgeQuery {
  question: string;
  mode: QueryMode;
  /** How many entities and how many relations at most. */
  topK: number;
  /** How many chunks at most. */
  chunkTopK: number;
  /** Ask the chat model for an answer, where there is one. */
  answer: boolean;
}

export interface KnowledgeEntity {
  name: string;
  type: string;
  /** What was said of it, oldest first. */
  descriptions: readonly string[];
  /** The documents that it comes from, by the names that `parseFileSource` reads. */
  fileSources: readonly string[];
  /** Whether LightRAG has cut the list of documents, as it does with long ones. */
  isCut: boolean;
}

export interface KnowledgeRelation {
  /** The two ends; their order carries no meaning. */
  source: string;
  target: string;
  keywords: readonly string[];
  descriptions: readonly string[];
  /** How often it was said. */
  weight: number;
  fileSources: readonly string[];
  /** Whether LightRAG has cut the list of documents. */
  isCut: boolean;
}

export interface KnowledgeChunk {
  id: string;
  /** Whole: of a memory that fits into one chunk it is the document with its header. */
  text: string;
  fileSource: string;
}

/** What the words of a question are taken to be about. */
export interface QueryKeywords {
  /** Themes: what relations are searched by. */
  high: readonly string[];
  /** Names and things: what entities are searched by. */
  low: readonly string[];
}

export interface KnowledgeAnswer {
  text: string;
  /** The documents that the answer rests on, most used first. */
  fileSources: readonly string[];
}

/** What a question found, each list best first. */
export interface Findings {
  keywords: QueryKeywords;
  entities: readonly KnowledgeEntity[];
  relations: readonly KnowledgeRelation[];
  chunks: readonly KnowledgeChunk[];
  /** Null without a chat model, when none was asked for, and when nothing was found. */
  answer: KnowledgeAnswer | null;
}

/** Whether nothing is missing. A server shows only so many nodes at once (LightRAG contract §6.3), and cuts long lists of documents. */
interface Completeness {
  complete: boolean;
}

export interface KnowledgeGraph extends Completeness {
  entities: readonly KnowledgeEntity[];
  relations: readonly KnowledgeRelation[];
}

/** An entity with its relations, those said most often first. */
export interface EntityView extends Completeness {
  entity: KnowledgeEntity;
  relations: readonly KnowledgeRelation[];
  /** The chunks that speak of it, oldest first. A server may have cut a long list. */
  chunkIds: readonly string[];
}

export interface DocumentEntities extends Completeness {
  entities: readonly KnowledgeEntity[];
}

/**
 * The port to reading what LightRAG knows. Contract:
 * - Nothing is changed; every method may be called at any time and concurrently, also during a sync.
 * - What is seen is what has been processed and committed.
 * - Errors are `ConnectorError`s without keys, questions or document text.
 */
export interface KnowledgeReader {
  query(query: KnowledgeQuery, signal: AbortSignal): Promise<Findings>;

  /** By its exact name; null when there is none of that name. */
  entity(name: string, signal: AbortSignal): Promise<EntityView | null>;

  /** Names that contain a text, upper and lower case alike, the likeliest first. */
  findNames(part: string, limit: number, signal: AbortSignal): Promise<string[]>;

  /** The entities that a document speaks of, by the document's name. */
  entitiesOf(fileSource: string, signal: AbortSignal): Promise<DocumentEntities>;

  /** The whole graph, or as much of it as the server shows. */
  graph(signal: AbortSignal): Promise<KnowledgeGraph>;
}
