import { combineAnswers } from "../extraction/combine-answers.ts";
import type { ParsedAnswer } from "../extraction/parse-answer.ts";
import { parseTextAnswer } from "../extraction/parse-answer.ts";
import { type Chunk, cutChunks } from "../text/chunking.ts";
import type { IndexingContext } from "./indexing-context.ts";

/** A document that has been chunked and extracted, but not merged. */
export interface ExtractedDocument {
  chunks: Chunk[];
  /** The statements of each chunk, in the order of the chunks. */
  statements: ParsedAnswer[];
}

/** Throws what the extractor throws. */
export async function extractDocument(
  documentId: string,
  { folder, tokenizer, extractor, chunking }: IndexingContext,
  signal: AbortSignal,
): Promise<ExtractedDocument> {
  const document = folder.stores.documents.get(documentId);
  if (document === undefined) return { chunks: [], statements: [] };
  const named = { id: documentId, fileSource: document.file_path };
  const chunks = cutChunks(document.content, named, tokenizer, chunking);
  const statements = await Promise.all(
    chunks.map(async (chunk) => {
      const answers = await extractor.extract(chunk, signal);
      const keys = answers.map(({ cacheKey }) => cacheKey).filter((key) => key !== undefined);
      chunk.record.llm_cache_list = [...new Set(keys)];
      const origin = { chunkId: chunk.id, fileSource: chunk.record.file_path };
      return combineAnswers(answers.map(({ text }) => parseTextAnswer(text, origin)));
    }),
  );
  return { chunks, statements };
}
