import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Memory } from "../../src/memory/memory.ts";
import { MemoryTransformer } from "../../src/transform/memory-transformer.ts";
import { createStrategy } from "../../src/transform/registry.ts";
import { templateVariables } from "../../src/transform/template/template-variables.ts";
import { code, fenced, generatedNote, page, table } from "./markdown.ts";

const template = `{{#title}}# {{title}}
{{/title}}
{{type_label}}, {{date}} {{time}} ({{utc_offset}}){{#place}}, {{.}}{{/place}}
{{#people_list}}
- with {{.}}
{{/people_list}}

{{content}}`;

/** A memory as enrichment leaves it. */
const example: Memory = {
  id: "1234567890",
  type: "voice_note",
  audio: true,
  image: true,
  transcript: "Met Ana at the harbour. The boat leaves on Friday. #sailing https://example.org/boats",
  location: { lat: 19.07609, lon: 72.877426 },
  createdAt: "2025-12-18T14:30:00Z",
  updatedAt: null,
  title: "Harbour",
  tags: [],
  facts: {
    place: { district: null, city: "Mumbai", region: "Maharashtra", country: "India", distanceKm: 0.7 },
    timeZone: "Asia/Kolkata",
    tags: ["sailing", "harbour", "boat"],
    people: ["Ana"],
    links: ["https://example.org/boats"],
    transcription: null,
    image: { description: "A fishing boat at a quay.", text: "SEA 7" },
    pendingMedia: false,
    provisional: false,
  },
};

/** The page about strategies: prose, an example under each, and the table of template variables. */
export function renderTransformation(): string {
  return page([
    "# Transformation",
    generatedNote("src/transform"),
    readFileSync(join(import.meta.dirname, "transformation.md"), "utf8").trim(),
    table(
      ["variable", "kind", "value"],
      Object.entries(templateVariables).map(([name, { kind, meaning }]) => [code(name), kind, meaning]),
    ),
    "## One memory under each strategy",
    ...["standard", "rich", "template"].flatMap((strategy) => [`### ${strategy}`, ...shown(strategy)]),
  ]);
}

function shown(strategy: string): string[] {
  const transformer = new MemoryTransformer(createStrategy(strategy, { template }), {
    skipEmptyTranscripts: true,
  });
  const prepared = transformer.prepare("CTX123", example);
  const text = prepared.kind === "document" ? prepared.text : "";
  return [...(strategy === "template" ? [fenced("mustache", template)] : []), fenced("text", text)];
}
