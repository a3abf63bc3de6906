import type { Chunk } from "../text/chunking.ts";
import type { Answer } from "./answer-cache.ts";

/** Finds out what a chunk says. */
export interface ChunkExtractor {
  /** Answers in LightRAG's record format, the first extraction first. */
  extract(chunk: Chunk, signal: AbortSignal): Promise<Answer[]>;
}
