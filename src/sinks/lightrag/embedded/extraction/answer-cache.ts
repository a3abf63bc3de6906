import { md5Hex } from "../storage/keys.ts";
import type { CachedAnswerRecord } from "../storage/records.ts";

/** What a model said. */
export interface Answer {
  text: string;
  /** Under which it is cached; undefined for an answer that was cut short or cannot be read, which is never cached. */
  cacheKey: string | undefined;
}

/** Answers that need not be paid for twice. They also are what a rebuild after a deletion reads. */
export interface AnswerCache {
  get(key: string): Answer | undefined;
  /** Resolves when the answer is durable. */
  put(key: string, record: CachedAnswerRecord): Promise<Answer>;
}

/** A key in LightRAG's form (contract §9.2): the length of each part keeps them apart. */
export function answerKey(type: "extract" | "summary", parts: readonly string[]): string {
  return `default:${type}:${md5Hex(parts.map((part) => `${part.length}:${part}`).join(""))}`;
}
