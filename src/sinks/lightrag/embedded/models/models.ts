/**
 * The models of direct mode. Ports: an OpenAI-compatible endpoint and the built-in offline models fit both. Contract of every call:
 * it is cancellable by its signal, it retries transient failures inside, and what it throws is a `ConnectorError` (`MODEL_*`)
 * without keys or texts.
 */

/** Turns texts into vectors. */
export interface EmbeddingModel {
  /** Name and version, for example `openai:text-embedding-3-small`. Recorded in the folder; another id is refused there. */
  readonly id: string;
  /** Number of components of every vector. */
  readonly dimension: number;
  /** One vector for each text, in their order. The vectors need not be normalised; they are finite and not all zero. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
  /** Releases connections, where there are any. */
  close?(): Promise<void>;
}

export interface ExtractedEntity {
  name: string;
  /** One word such as `person`. LightRAG stores types in lower case. */
  type: string;
  description: string;
}

export interface ExtractedRelation {
  source: string;
  target: string;
  /** Comma-separated. */
  keywords: string;
  description: string;
}

/**
 * The statements of one text. The same name or pair may occur several times with different descriptions: the merge keeps them all.
 * An end of a relation need not be among the entities: it is then created with the type `UNKNOWN`.
 */
export interface Extraction {
  entities: ExtractedEntity[];
  relations: ExtractedRelation[];
}

/**
 * Finds entities and relations in a text without a chat model. Deterministic: the same text gives the same extraction. LightRAG's
 * normalisation is applied afterwards (contract §10.1), so names are as written in the text.
 */
export interface ExtractionModel {
  /** Name and version; part of the extraction cache's key, so that another version extracts again. */
  readonly id: string;
  extract(chunkText: string, signal: AbortSignal): Promise<Extraction>;
}

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface ChatAnswer {
  /** Never empty: an empty answer is an error of the call. */
  text: string;
  /** The model stopped at its length limit. Such an answer is used but not cached. */
  truncated: boolean;
}

export interface ChatOptions {
  /** Ask for one JSON object as the answer. */
  json?: boolean;
}

/** A language model: extraction, gleaning, summaries, keywords of a question, answers. */
export interface ChatModel {
  /** Name and endpoint without secrets, for example `openai:gpt-4o-mini@http://127.0.0.1:11434/v1`. Part of cache keys. */
  readonly id: string;
  complete(messages: readonly ChatMessage[], options: ChatOptions, signal: AbortSignal): Promise<ChatAnswer>;
  /** Releases connections, where there are any. */
  close?(): Promise<void>;
}

/**
 * The models of one folder. `extraction` extracts if it is set; otherwise the chat model does. Without a chat model, long
 * descriptions are shortened by selecting fragments, and a query returns its findings without an answer.
 */
export type DirectModels =
  | { embedding: EmbeddingModel; extraction: ExtractionModel; chat?: ChatModel }
  | { embedding: EmbeddingModel; extraction?: undefined; chat: ChatModel };

export async function closeModels({ embedding, chat }: DirectModels): Promise<void> {
  await embedding.close?.();
  await chat?.close?.();
}
