import type { Extraction, ExtractionModel } from "../../models/models.ts";
import { compact } from "./compact.ts";
import { extractTurn } from "./extract-turn.ts";
import { type MemoryText, readMemoryText } from "./memory-text.ts";

/**
 * The offline extractor: people, places, organisations, dates, titles and topics of a memory, and relations from the sentences
 * that join them. Rules over tagged words; the same chunk gives the same extraction.
 */
export function createBuiltinExtractor(): ExtractionModel {
  return {
    id: "builtin:rules-v1",
    async extract(chunkText, signal) {
      signal.throwIfAborted();
      return extract(readMemoryText(chunkText));
    },
  };
}

function extract(memory: MemoryText): Extraction {
  const turns = memory.turns.map((turn) => extractTurn(turn, memory.recordedOn));
  const entities = turns.flatMap((turn) => turn.entities);
  const description = entities[0]?.description ?? "";
  const tags = memory.tags.map((tag) => ({ name: tag.toLowerCase(), type: "concept", description }));
  return compact({
    entities: description === "" ? entities : [...entities, ...tags],
    relations: turns.flatMap((turn) => turn.relations),
  });
}
