import { strip } from "../../clean-text.ts";
import type { ChunkRecord } from "../storage/records.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** How texts are chunked, in tokens. */
export interface Chunking {
  /** The most tokens of a chunk. */
  size: number;
  /** The tokens that a chunk shares with the previous one; less than `size`. */
  overlap: number;
}

/** LightRAG's default. */
export const defaultChunking: Chunking = { size: 1200, overlap: 100 };

export interface Chunk {
  id: string;
  record: ChunkRecord;
}

/** Cuts a document's stored text into chunks with LightRAG's ids (contract §9.2, §11). */
export function cutChunks(
  text: string,
  document: { id: string; fileSource: string },
  tokenizer: Tokenizer,
  { size, overlap }: Chunking = defaultChunking,
): Chunk[] {
  return tokenizer
    .windows(text, size, size - overlap)
    .map(({ tokens, content }, index) => ({ tokens, window: content, content: strip(content), index }))
    .filter(({ content }) => content !== "")
    .map(({ tokens, window, content, index }) => ({
      id: `${document.id}-chunk-${String(index).padStart(3, "0")}`,
      record: {
        // LightRAG counts again after trimming.
        tokens: content === window ? tokens : tokenizer.count(content),
        content,
        chunk_order_index: index,
        full_doc_id: document.id,
        file_path: document.fileSource,
        llm_cache_list: [],
      },
    }));
}
