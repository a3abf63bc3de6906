import { StandardTransformationStrategy } from "../../src/documents/standard-strategy.ts";
import { atOnce } from "../../src/kernel/util/pieces.ts";
import { ChunkIndex } from "../../src/sinks/lightrag/embedded/query/chunk-index.ts";
import type { WatchedKvReader } from "../../src/sinks/lightrag/embedded/storage/readers.ts";
import type { ChunkRecord } from "../../src/sinks/lightrag/embedded/storage/records.ts";

/** A memory's document in one chunk, as the standard strategy and direct mode write it. `at` is RFC 3339. */
export function memoryChunk(
  memoryId: string,
  at: string,
  transcript: string,
  contextId = "CTX1",
): ChunkRecord {
  const memory = {
    id: memoryId,
    type: "record",
    audio: false,
    image: false,
    transcript,
    location: null,
    createdAt: at,
  };
  const text = new StandardTransformationStrategy().transform({
    ...memory,
    updatedAt: null,
    title: null,
    tags: [],
  });
  return {
    tokens: 1,
    content: text.replace("\n", " [0123456789]\n"),
    chunk_order_index: 0,
    full_doc_id: `doc-${memoryId}`,
    file_path: `${memoryId}@${contextId}.md`,
  };
}

/** A chunk store in memory; the memory's id is the chunk's. */
export function chunkStore(chunks: Record<string, ChunkRecord>): WatchedKvReader<ChunkRecord> {
  const records = new Map(Object.entries(chunks));
  return {
    size: records.size,
    has: (key) => records.has(key),
    get: (key) => records.get(key),
    keys: () => records.keys(),
    entries: () => records.entries(),
    watch: () => undefined,
  };
}

/** An index of these chunks. */
export function indexOf(chunks: Record<string, ChunkRecord>): ChunkIndex {
  return atOnce(ChunkIndex.of(chunkStore(chunks)));
}
