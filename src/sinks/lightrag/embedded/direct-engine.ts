import type { Clock } from "../../../kernel/util/clock.ts";
import { inTurns } from "../../../kernel/util/pieces.ts";
import { DocumentRegister } from "./document-register.ts";
import type { Answer, AnswerCache, ChunkExtractor } from "./extraction/answers.ts";
import { CachedChat } from "./extraction/cached-chat.ts";
import { ChatExtractor } from "./extraction/chat-extractor.ts";
import { ModelExtractor } from "./extraction/model-extractor.ts";
import { putRecord, seconds } from "./indexing/document-records.ts";
import { IndexingPipeline } from "./indexing/indexing-pipeline.ts";
import { ChatSummariser } from "./merge/chat-summariser.ts";
import { ExtractiveSummariser } from "./merge/extractive-summariser.ts";
import { checkModels } from "./models/model-probe.ts";
import type { DirectModels } from "./models/models.ts";
import { Folder } from "./storage/folder.ts";
import type { Chunking } from "./text/chunking.ts";
import { loadTokenizer, type Tokenizer } from "./text/tokenizer.ts";

export interface DirectEngineSettings {
  /** LightRAG's working directory; created if missing. */
  workingDir: string;
  models: DirectModels;
  /** Language of the descriptions, for example `English`. */
  language: string;
  chunking: Chunking;
  clock: Clock;
  /** Aborts opening. */
  signal: AbortSignal;
}

/** An open folder and the parts that work on it. */
export interface DirectEngine {
  folder: Folder;
  pipeline: IndexingPipeline;
  register: DocumentRegister;
}

/** Throws `DIRECT_*` when the folder cannot be used. */
export async function openEngine({
  workingDir,
  models,
  language,
  chunking,
  clock,
  signal,
}: DirectEngineSettings): Promise<DirectEngine> {
  const tokenizer = await loadTokenizer();
  const folder = await Folder.open(workingDir, models.embedding, clock, signal);
  const register = await registerOf(folder, chunking, signal);
  const answers = storedAnswers(folder, clock);
  const chat = models.chat && new CachedChat(models.chat, answers);
  const pipeline = new IndexingPipeline({
    folder,
    tokenizer,
    chunking,
    clock,
    embedding: models.embedding,
    askModels: (signal) => checkModels(models, signal),
    extractor: makeExtractor(models, answers, tokenizer, language),
    summariser:
      chat === undefined
        ? new ExtractiveSummariser(tokenizer)
        : new ChatSummariser(chat, tokenizer, language),
  });
  return { folder, pipeline, register };
}

async function registerOf(
  folder: Folder,
  chunking: Chunking,
  signal: AbortSignal,
): Promise<DocumentRegister> {
  try {
    return await inTurns(DocumentRegister.of(folder.stores.documentStatus, chunking), signal);
  } catch (error) {
    await folder.abandon();
    throw error;
  }
}

function makeExtractor(
  models: DirectModels,
  answers: AnswerCache,
  tokenizer: Tokenizer,
  language: string,
): ChunkExtractor {
  if (models.extraction !== undefined) return new ModelExtractor(models.extraction, answers);
  return new ChatExtractor(new CachedChat(models.chat, answers), tokenizer, language);
}

/** The model answers in the folder's LightRAG cache file. */
function storedAnswers(folder: Folder, clock: Clock): AnswerCache {
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
