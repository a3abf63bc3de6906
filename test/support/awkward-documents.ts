import { createEnricher } from "../../src/documents/enrich/create-enricher.ts";
import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { OfflinePlaceFinder } from "../../src/documents/places/offline-place-finder.ts";
import { createStrategy, strategyNames } from "../../src/documents/registry.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { awkwardMemories } from "./awkward-memories.ts";

export { strategyNames };

export const awkwardTemplate = `{{#title}}# {{title}}

{{/title}}
{{type_label}} of {{weekday}}, {{date}} at {{time}} ({{utc_offset}}{{#time_zone}}, {{.}}{{/time_zone}}), {{part_of_day}}.
{{#place}}Recorded {{place}}.{{/place}}{{^place}}Nobody knows where.{{/place}}
{{#tag_list}}
- {{.}}
{{/tag_list}}

{{content}}`;

const placeFinder = new OfflinePlaceFinder();

/**
 * The documents of the awkward memories under a strategy, with everything found out about them.
 * @param keep what happens to a memory between that and the writing
 */
export async function awkwardDocuments(
  strategy: string,
  contextId: string,
  keep = (memory: Memory) => memory,
): Promise<{ fileSource: string; text: string }[]> {
  const settings = { strategy, geocoding: true, extractTags: true, timeZone: null };
  const report = (error: Error) => {
    throw error;
  };
  const enricher = createEnricher(settings, { placeFinder, media: null, report });
  const transformer = new MemoryTransformer(createStrategy(strategy, { template: awkwardTemplate }), {
    skipEmptyTranscripts: false,
  });
  const signal = new AbortController().signal;
  return Promise.all(
    awkwardMemories.map(async (memory) => {
      const enriched = keep(await enricher.enrich(contextId, memory, signal));
      const prepared = transformer.prepare(contextId, enriched);
      if (prepared.kind !== "document") throw new Error(`${memory.id} is skipped`);
      return { fileSource: prepared.fileSource, text: prepared.text };
    }),
  );
}
