import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { awkwardMemories } from "../../test/support/awkward-memories.ts";
import type { Memory } from "../memory/memory.ts";
import { createEnricher } from "./enrich/create-enricher.ts";
import { MemoryTransformer } from "./memory-transformer.ts";
import { OfflinePlaceFinder } from "./places/offline-place-finder.ts";
import { createStrategy } from "./registry.ts";

/** Gazetteer and tagger take a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const never = new AbortController().signal;
const placeFinder = new OfflinePlaceFinder();
const template = `{{#title}}# {{title}}

{{/title}}
{{type_label}} of {{weekday}}, {{date}} at {{time}} ({{utc_offset}}{{#time_zone}}, {{.}}{{/time_zone}}), {{part_of_day}}.
{{#place}}Recorded {{place}}.{{/place}}{{^place}}Nobody knows where.{{/place}}
{{#tag_list}}
- {{.}}
{{/tag_list}}

{{content}}`;

/** @param keep what happens to a memory between enrichment and writing */
async function documentsOf(strategy: string, keep = (memory: Memory) => memory): Promise<string[]> {
  const settings = { strategy, geocoding: true, extractTags: true, timeZone: null };
  const enricher = createEnricher(settings, { placeFinder, media: null, report: () => expect.unreachable() });
  const transformer = new MemoryTransformer(createStrategy(strategy, { template }), {
    skipEmptyTranscripts: false,
  });
  return Promise.all(
    awkwardMemories.map(async (memory) => {
      const enriched = keep(await enricher.enrich("CTX", memory, never));
      const prepared = transformer.prepare("CTX", enriched);
      return prepared.kind === "document" ? `${prepared.fileSource}\n${prepared.text}` : "";
    }),
  );
}

/** A long document by its head and a digest, so that the snapshot can be read. Control characters are shown by their numbers. */
function shown(document: string): string {
  const digest = createHash("sha256").update(document).digest("hex");
  const head =
    document.length < 3000
      ? document
      : `${document.slice(0, 1500)}\n… ${document.length} characters, SHA-256 ${digest}`;
  return head.replace(/[^\P{C}\n]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

test("there are twenty awkward memories", () => {
  expect(awkwardMemories).toHaveLength(20);
});

test.each(["standard", "rich", "template"])(
  "the awkward memories give these documents under the strategy %s",
  async (strategy) => {
    const documents = (await documentsOf(strategy)).map(shown).join(`\n${"=".repeat(80)}\n`);
    await expect(`${documents}\n`).toMatchFileSnapshot(`./__snapshots__/${strategy}.txt`);
  },
);

test.each(["standard", "rich", "template"])(
  "the strategy %s gives the same bytes again, also of a memory that the ledger kept as JSON",
  async (strategy) => {
    const kept = await documentsOf(strategy, (memory) => JSON.parse(JSON.stringify(memory)));
    expect(kept).toEqual(await documentsOf(strategy));
  },
);
