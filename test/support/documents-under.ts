import { createEnricher } from "../../src/documents/enrich/create-enricher.ts";
import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { groupKeyOf, groupMemory } from "../../src/documents/note-group.ts";
import { OfflinePlaceFinder } from "../../src/documents/places/offline-place-finder.ts";
import { createStrategy, strategyNames } from "../../src/documents/registry.ts";
import type { Memory } from "../../src/domain/memory.ts";

export { strategyNames };

const sampleTemplate = `{{#title}}# {{title}}

{{/title}}
{{type_label}} of {{weekday}}, {{date}} at {{time}} ({{utc_offset}}{{#time_zone}}, {{.}}{{/time_zone}}), {{part_of_day}}.
{{#place}}Recorded {{place}}.{{/place}}{{^place}}Nobody knows where.{{/place}}
{{#tag_list}}
- {{.}}
{{/tag_list}}

{{content}}`;

const placeFinder = new OfflinePlaceFinder();

/**
 * The documents of memories under a strategy, with everything found out about them.
 * @param keep what happens to a memory between that and the writing
 */
export async function documentsUnder(
  strategy: string,
  contextId: string,
  memories: readonly Memory[],
  keep = (memory: Memory) => memory,
): Promise<{ fileSource: string; text: string }[]> {
  const enriched = await enrichedUnder(strategy, contextId, memories);
  return enriched.map((memory) => {
    const prepared = transformerOf(strategy).prepare(contextId, keep(memory));
    if (prepared.kind !== "document") throw new Error(`${memory.id} is skipped`);
    return { fileSource: prepared.fileSource, text: prepared.text };
  });
}

/** The document in which small notes of one day and place stand together. */
export async function groupDocumentUnder(strategy: string, contextId: string, notes: readonly Memory[]) {
  const enriched = await enrichedUnder(strategy, contextId, notes);
  const [first] = enriched;
  const key = first && groupKeyOf(first, { maxCharacters: 280 });
  if (key == null) throw new Error("the notes are none of a group");
  const written = transformerOf(strategy).write(contextId, groupMemory(key, enriched));
  if (written.kind !== "document") throw new Error(`${key} is skipped`);
  return { fileSource: written.fileSource, text: written.text };
}

function transformerOf(strategy: string): MemoryTransformer {
  return new MemoryTransformer(createStrategy(strategy, { template: sampleTemplate }), {
    skipEmptyTranscripts: false,
  });
}

async function enrichedUnder(
  strategy: string,
  contextId: string,
  memories: readonly Memory[],
): Promise<Memory[]> {
  const settings = { strategy, geocoding: true, extractTags: true, timeZone: null };
  const report = (error: Error) => {
    throw error;
  };
  const enricher = createEnricher(settings, { placeFinder, media: null, report });
  const signal = new AbortController().signal;
  return Promise.all(memories.map((memory) => enricher.enrich(contextId, memory, signal)));
}
