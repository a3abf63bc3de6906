import { combineAnswers } from "../extraction/combine-answers.ts";
import type { ParsedAnswer } from "../extraction/parse-answer.ts";
import { parseAnswer } from "../extraction/parse-json-answer.ts";
import type { KvReader } from "../storage/readers.ts";
import type { CachedAnswerRecord, ChunkRecord } from "../storage/records.ts";

interface CachedStores {
  chunks: KvReader<ChunkRecord>;
  answers: KvReader<CachedAnswerRecord>;
}

/**
 * What a stored chunk says, read again from the cached answers about it. Undefined when the chunk is gone or no answer was
 * kept, as in folders whose cache was cleared.
 */
export function statementsOf(chunkId: string, { chunks, answers }: CachedStores): ParsedAnswer | undefined {
  const chunk = chunks.get(chunkId);
  const cached = (chunk?.llm_cache_list ?? [])
    .map((key) => answers.get(key))
    .filter((answer) => answer?.cache_type === "extract" && answer.chunk_id === chunkId)
    .filter((answer) => answer !== undefined)
    .toSorted((a, b) => (a.create_time ?? 0) - (b.create_time ?? 0));
  if (chunk === undefined || cached.length === 0) return undefined;
  return combineAnswers(
    cached.map((answer) => parseAnswer(answer.return, { chunkId, fileSource: chunk.file_path })),
  );
}
