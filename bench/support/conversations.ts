import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { parseMemory } from "../../src/sources/memory-api/parse-memory.ts";
import type { ApiMemory } from "../../test/support/memory-api-data.ts";
import { realApiMemories, realContexts } from "../../test/support/real-memories.ts";

const endings = ["", "bel", "tor", "wyn", "ska", "dun"];

/** As many memories as are asked for: the real conversations, again and again with other names, so that the graph goes on growing. */
export function conversationMemories(count: number): ApiMemory[] {
  const real = realContexts.flatMap(realApiMemories);
  return Array.from({ length: count }, (_, i) =>
    inRound(Math.floor(i / real.length), real[i % real.length] as ApiMemory),
  );
}

/** The same memory of other people in other places. */
function inRound(round: number, memory: ApiMemory): ApiMemory {
  const ending = endings[round % endings.length] ?? "";
  const transcript = String(memory.transcript ?? "").replace(
    /\b\p{Lu}\p{Ll}{3,}\b/gu,
    (name) => name + ending,
  );
  return { ...memory, id: `${round}-${memory.id}`, transcript };
}

/** The documents of these memories, as the default configuration makes them. */
export function documentsOf(contextId: string, memories: readonly ApiMemory[]): OutgoingDocument[] {
  const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });
  return memories.flatMap((item) => {
    const parsed = parseMemory(item);
    const prepared = parsed.kind === "memory" ? transformer.prepare(contextId, parsed.memory) : parsed;
    return prepared.kind === "document" ? [{ fileSource: prepared.fileSource, text: prepared.text }] : [];
  });
}
