import type { ExtractedEntity, ExtractedRelation, Extraction, ExtractionModel } from "../../models/models.ts";
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
  return compact({
    entities: [...turns.flatMap((turn) => turn.entities), ...headerEntities(memory, turns)],
    relations: [...turns.flatMap((turn) => turn.relations), ...placeRelations(memory, turns)],
  });
}

/** The place and the tags of a memory, told by its first words: what nothing is said of has no place in the graph. */
function headerEntities({ place, tags }: MemoryText, turns: readonly Extraction[]): ExtractedEntity[] {
  const description = firstEntity(turns)?.description;
  if (description === undefined) return [];
  const places = place === null ? [] : [{ name: place, type: "location", description }];
  return [...places, ...tags.map((tag) => ({ name: tag.toLowerCase(), type: "concept", description }))];
}

function placeRelations({ place }: MemoryText, turns: readonly Extraction[]): ExtractedRelation[] {
  const first = firstEntity(turns);
  if (place === null || first === undefined || first.name === place) return [];
  const { name, description } = first;
  return [{ source: name, target: place, keywords: "recorded in", description }];
}

function firstEntity(turns: readonly Extraction[]): ExtractedEntity | undefined {
  return turns.flatMap((turn) => turn.entities)[0];
}

/** Says each thing once: equal entities are dropped, and the keywords that one sentence gives a pair are joined. */
function compact({ entities, relations }: Extraction): Extraction {
  const said = new Map(entities.map((entity) => [`${entity.name}\n${entity.description}`, entity]));
  const joined = new Map<string, (typeof relations)[number]>();
  for (const relation of relations) {
    const pair = [relation.source, relation.target].sort().join("\n");
    const key = `${pair}\n${relation.description}`;
    const known = joined.get(key);
    const keywords = [...(known?.keywords.split(", ") ?? []), ...relation.keywords.split(", ")];
    joined.set(key, { ...(known ?? relation), keywords: [...new Set(keywords)].join(", ") });
  }
  return { entities: [...said.values()], relations: [...joined.values()] };
}
