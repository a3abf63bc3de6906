import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createEnricher } from "../../src/documents/enrich/create-enricher.ts";
import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { OfflinePlaceFinder } from "../../src/documents/places/offline-place-finder.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import { templateVariables } from "../../src/documents/template/template-variables.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { noFacts } from "../../src/domain/memory-facts.ts";
import { code, fenced, generatedNote, page, table } from "./markdown.ts";

const template = `{{#title}}# {{title}}
{{/title}}
{{type_label}}, {{date}} {{time}} ({{utc_offset}}){{#place}}, {{.}}{{/place}}
{{#people_list}}
- with {{.}}
{{/people_list}}

{{content}}`;

/** A memory whose picture has been looked at. */
const memory: Memory = {
  id: "1234567890",
  type: "voice_note",
  audio: true,
  image: true,
  transcript: "Met Ana at the harbour. The boat was late again. #sailing https://example.org/boats",
  location: { lat: 19.07609, lon: 72.877426 },
  createdAt: "2025-12-18T14:30:00Z",
  updatedAt: null,
  title: "Harbour",
  tags: [],
  facts: { ...noFacts, image: { description: "A fishing boat at a quay.", text: "SEA 7" } },
};

/** As enrichment leaves it. */
function enriched(): Promise<Memory> {
  const settings = { strategy: "rich", geocoding: true, extractTags: true, timeZone: null };
  const parts = { placeFinder: new OfflinePlaceFinder(), media: null, report: () => undefined };
  return createEnricher(settings, parts).enrich("CTX123", memory, new AbortController().signal);
}

/** The page about strategies: prose, an example under each, and the table of template variables. */
export async function renderTransformation(): Promise<string> {
  const example = await enriched();
  return page([
    "# Transformation",
    generatedNote("src/documents"),
    readFileSync(join(import.meta.dirname, "transformation.md"), "utf8").trim(),
    table(
      ["variable", "kind", "value"],
      Object.entries(templateVariables).map(([name, { kind, meaning }]) => [code(name), kind, meaning]),
    ),
    "## One memory under each strategy",
    ...["standard", "rich", "template"].flatMap((strategy) => [
      `### ${strategy}`,
      ...shown(strategy, example),
    ]),
  ]);
}

function shown(strategy: string, example: Memory): string[] {
  const transformer = new MemoryTransformer(createStrategy(strategy, { template }), {
    skipEmptyTranscripts: true,
  });
  const prepared = transformer.prepare("CTX123", example);
  const text = prepared.kind === "document" ? prepared.text : "";
  return [...(strategy === "template" ? [fenced("mustache", template)] : []), fenced("text", text)];
}
