/**
 * What of a document is header, and what becomes a thing of the graph only because it stands there: by strategy and form, alone and as groups
 * of a day, over the conversations of ../shared/data. Two extractors: the built-in one, and a scripted model that takes every capitalised word.
 * Usage: node bench/documents.ts
 */

import { documentForms } from "../src/documents/document-forms.ts";
import { createEnricher } from "../src/documents/enrich/create-enricher.ts";
import { MemoryTransformer } from "../src/documents/memory-transformer.ts";
import { groupKeyOf, groupMemory } from "../src/documents/note-group.ts";
import { OfflinePlaceFinder } from "../src/documents/places/offline-place-finder.ts";
import { createStrategy } from "../src/documents/registry.ts";
import type { Memory } from "../src/domain/memory.ts";
import { createBuiltinExtractor } from "../src/sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { realContexts, realMemories, realMemoriesMissing } from "../test/support/real-memories.ts";

const { signal } = new AbortController();
const extractor = createBuiltinExtractor();
/** Of each conversation so many memories are looked at: a tenth shows the same. */
const looked = 60;

const placeFinder = new OfflinePlaceFinder();
const report = (error: Error) => {
  throw error;
};

type Extract = (text: string) => Promise<string[]>;

const extractors: readonly (readonly [name: string, extract: Extract])[] = [
  ["built-in", async (text) => (await extractor.extract(text, signal)).entities.map(({ name }) => name)],
  ["capitalised", async (text) => text.match(/\p{Lu}[\p{L}\p{N}]+/gu) ?? []],
];

interface Tally {
  characters: number;
  header: number;
  /** Things that the transcript alone does not give, with the number of documents that do, by extractor. */
  added: Map<string, Map<string, number>>;
}

function tallyOf(): Tally {
  return { characters: 0, header: 0, added: new Map(extractors.map(([name]) => [name, new Map()])) };
}

async function count(tally: Tally, text: string, transcript: string): Promise<void> {
  tally.characters += text.length;
  tally.header += text.length - transcript.trim().length;
  for (const [name, extract] of extractors) {
    const own = new Set(await extract(transcript));
    const added = tally.added.get(name);
    for (const thing of new Set(await extract(text)))
      if (!own.has(thing)) added?.set(thing, (added.get(thing) ?? 0) + 1);
  }
}

function print(label: string, { characters, header, added }: Tally): void {
  const share = ((100 * header) / characters).toFixed(1).padStart(5);
  const things = Array.from(added, ([name, counts]) => {
    const [largest] = Array.from(counts).sort((a, b) => b[1] - a[1]);
    return `${name}: ${String(counts.size).padStart(3)}${largest ? ` (most: ${largest.join(" ")})` : ""}`;
  });
  console.log(`${label.padEnd(28)} header ${share} %   things of the header alone: ${things.join(", ")}`);
}

/** The default of `merge_max_characters`. */
const merge = { maxCharacters: 280 };

/** One memory, or the notes of a group as one, with what its people said. */
interface Subject {
  contextId: string;
  memory: Memory;
  said: string;
}

async function run(strategy: string): Promise<void> {
  const settings = { strategy, geocoding: true, extractTags: true, timeZone: null };
  const enricher = createEnricher(settings, { placeFinder, media: null, report });
  const transformer = new MemoryTransformer(createStrategy(strategy), { skipEmptyTranscripts: true });
  const alone: Subject[] = [];
  for await (const [contextId, memory] of memories())
    alone.push({
      contextId,
      memory: await enricher.enrich(contextId, memory, signal),
      said: memory.transcript.trim(),
    });
  await printForms(strategy, transformer, alone);
  const groups = groupsOf(alone);
  const notes = groups.reduce((sum, { memory }) => sum + (memory.members?.length ?? 0), 0);
  console.log(`${notes} of ${alone.length} memories as ${groups.length} documents of a day:`);
  await printForms(`${strategy}, by day`, transformer, groups);
}

async function printForms(
  label: string,
  transformer: MemoryTransformer,
  subjects: readonly Subject[],
): Promise<void> {
  const tallies = new Map(documentForms.map((form) => [form, tallyOf()]));
  for (const { contextId, memory, said } of subjects)
    for (const written of transformer.writeForms(contextId, memory)) {
      const tally = written.kind === "document" ? tallies.get(written.form) : undefined;
      if (tally !== undefined && written.kind === "document") await count(tally, written.text, said);
    }
  for (const [form, tally] of [...tallies].reverse()) print(`${label}, form ${form}`, tally);
}

/** The groups that `merge: day` would make of short notes, of several notes each. */
function groupsOf(alone: readonly Subject[]): Subject[] {
  const byGroup = Map.groupBy(alone, ({ contextId, memory }) => {
    const key = groupKeyOf(memory, merge);
    return key === null ? null : `${contextId} ${key}`;
  });
  return [...byGroup].flatMap(([name, members]) => {
    const [{ contextId } = { contextId: "" }] = members;
    if (name === null || members.length < 2) return [];
    const key = name.slice(contextId.length + 1);
    const memory = groupMemory(
      key,
      members.map((member) => member.memory),
    );
    return {
      contextId,
      memory,
      said: memory.members?.map(({ transcript }) => transcript.trim()).join("\n\n") ?? "",
    };
  });
}

async function* memories(): AsyncGenerator<[contextId: string, memory: Memory]> {
  for (const contextId of realContexts)
    for (const memory of (await realMemories(contextId)).slice(0, looked)) yield [contextId, memory];
}

if (realMemoriesMissing !== null) console.log(realMemoriesMissing);
else for (const strategy of ["standard", "rich"]) await run(strategy);
