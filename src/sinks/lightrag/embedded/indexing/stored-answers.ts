import type { Clock } from "../../../../kernel/util/clock.ts";
import type { Answer, AnswerCache } from "../extraction/answer-cache.ts";
import type { Folder } from "../storage/folder.ts";
import { putRecord, seconds } from "./document-records.ts";

/** The answers that a folder keeps in LightRAG's cache file. */
export function storedAnswers(folder: Folder, clock: Clock): AnswerCache {
  return {
    get(key): Answer | undefined {
      const stored = folder.stores.answers.get(key);
      return stored && { text: stored.return, cacheKey: key };
    },
    async put(key, record): Promise<Answer> {
      await folder.commit([putRecord("llm_response_cache", key, record, seconds(clock.now()))]);
      return { text: record.return, cacheKey: key };
    },
  };
}
