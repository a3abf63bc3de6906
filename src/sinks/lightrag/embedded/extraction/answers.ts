import { md5Hex } from "../storage/keys.ts";
import type { CachedAnswerRecord } from "../storage/records.ts";
import type { Chunk } from "../text/chunking.ts";

/** A model's answer. */
export interface Answer {
  text: string;
  /** Its cache key; undefined for a truncated or unreadable answer, which is never cached. */
  cacheKey: string | undefined;
}

/** Answers that need not be paid for twice. A rebuild after a deletion reads them, too. */
export interface AnswerCache {
  get(key: string): Answer | undefined;
  /** Resolves when the answer is durable. */
  put(key: string, record: CachedAnswerRecord): Promise<Answer>;
}

/** A key in LightRAG's form (contract §9.2): the length of each part makes the key unambiguous. */
export function answerKey(type: "extract" | "summary", parts: readonly string[]): string {
  return `default:${type}:${md5Hex(parts.map((part) => `${part.length}:${part}`).join(""))}`;
}

/** Extracts entities and relations from a chunk. */
export interface ChunkExtractor {
  /** Answers in LightRAG's record format, the first extraction first. */
  extract(chunk: Chunk, signal: AbortSignal): Promise<Answer[]>;
}
