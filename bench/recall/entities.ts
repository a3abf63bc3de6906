import { readFile } from "node:fs/promises";
import { foldText } from "../../src/kernel/util/text.ts";
import { createBuiltinExtractor } from "../../src/sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import {
  documentsOf,
  type languageContexts,
  realDataFile,
  realMemories,
} from "../../test/support/real-memories.ts";

/** What the built-in extractor finds in a small world, beside what a person would name. */
export interface EntityQuality {
  /** The share of what it found that a person would name, dates left out; 0 to 1. */
  precision: number;
  /** The share of the names that it found. */
  names: number;
  /** What it found in vain. */
  junk: string[];
  missed: string[];
}

interface Gold {
  names: string[];
  things: string[];
}

export async function entityQuality(context: (typeof languageContexts)[number]): Promise<EntityQuality> {
  const gold = JSON.parse(await readFile(realDataFile("gold", context), "utf8")) as Gold;
  const found = await entitiesOf(context);
  const wanted = [...gold.names, ...gold.things];
  const junk = [...found].filter((entity) => !wanted.some((name) => isSame(entity, name)));
  const missed = gold.names.filter((name) => ![...found].some((entity) => isSame(entity, name)));
  return {
    precision: found.size === 0 ? 0 : 1 - junk.length / found.size,
    names: 1 - missed.length / gold.names.length,
    junk,
    missed,
  };
}

async function entitiesOf(context: (typeof languageContexts)[number]): Promise<Set<string>> {
  const extractor = createBuiltinExtractor();
  const { signal } = new AbortController();
  const documents = documentsOf(context, await realMemories(context));
  const extractions = await Promise.all(documents.map(({ text }) => extractor.extract(text, signal)));
  const entities = extractions.flatMap(({ entities }) => entities);
  return new Set(entities.filter(({ type }) => type !== "date").map(({ name }) => name));
}

/** But for one word more or less, such as a title, all words are the same: "Dr. Hoffmann". */
function isSame(entity: string, name: string): boolean {
  const [few = [], many = []] = [entity, name]
    .map((text) =>
      foldText(text)
        .split(/[\s.]+/u)
        .filter(Boolean),
    )
    .sort((a, b) => a.length - b.length);
  return many.length - few.length <= 1 && few.length > 0 && few.every((word) => many.includes(word));
}
