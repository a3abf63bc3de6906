import { readableUtc } from "../../src/documents/local-time.ts";
import type { RevisedKvReader } from "../../src/sinks/lightrag/embedded/storage/readers.ts";
import type { ChunkRecord } from "../../src/sinks/lightrag/embedded/storage/records.ts";

/** A memory's document in one chunk, as the standard strategy and direct mode write it. `at` is RFC 3339. */
export function memoryChunk(
  memoryId: string,
  at: string,
  transcript: string,
  contextId = "CTX1",
): ChunkRecord {
  const header = `Memory ${memoryId} of ${contextId} (revision 0123456789ab)\nRecorded: ${readableUtc(at)}`;
  return {
    tokens: 1,
    content: `${header}\n\n${transcript}`,
    chunk_order_index: 0,
    full_doc_id: `doc-${memoryId}`,
    file_path: `${memoryId}@${contextId}.md`,
  };
}

/** A chunk store in memory; the memory's id is the chunk's. */
export function chunkStore(chunks: Record<string, ChunkRecord>): RevisedKvReader<ChunkRecord> {
  const records = new Map(Object.entries(chunks));
  return {
    size: records.size,
    revision: 0,
    has: (key) => records.has(key),
    get: (key) => records.get(key),
    keys: () => records.keys(),
  };
}
