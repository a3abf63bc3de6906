import type { Extraction, ExtractionModel } from "../models/models.ts";
import type { Chunk } from "../text/chunking.ts";
import { type Answer, type AnswerCache, answerKey, type ChunkExtractor } from "./answers.ts";
import { endMarker } from "./parse-answer.ts";
import { fieldDelimiter } from "./repair-delimiters.ts";

/**
 * Extraction without a chat model. Its result is written in the record format and cached like an answer, so that a deletion can
 * rebuild from it, here or in a LightRAG server.
 */
export class ModelExtractor implements ChunkExtractor {
  readonly #model: ExtractionModel;
  readonly #cache: AnswerCache;

  constructor(model: ExtractionModel, cache: AnswerCache) {
    this.#model = model;
    this.#cache = cache;
  }

  async extract(chunk: Chunk, signal: AbortSignal): Promise<Answer[]> {
    const text = chunk.record.content;
    const key = answerKey("extract", [this.#model.id, text]);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return [cached];
    const records = formatExtraction(await this.#model.extract(text, signal));
    const stored = { return: records, cache_type: "extract", chunk_id: chunk.id };
    return [await this.#cache.put(key, { ...stored, original_prompt: this.#model.id, queryparam: null })];
  }
}

/** Formats an extraction as one answer (contract §8.4). */
export function formatExtraction({ entities, relations }: Extraction): string {
  const rows = [
    ...entities.map(({ name, type, description }) => ["entity", name, type, description]),
    ...relations.map((it) => ["relation", it.source, it.target, it.keywords, it.description]),
  ];
  return [...rows.map((row) => row.map(plainField).join(fieldDelimiter)), endMarker].join("\n");
}

/** Removes line breaks and anything that could be read as a delimiter from a field. */
function plainField(text: string): string {
  return text
    .replace(/[<|#>]{2,}/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
}
