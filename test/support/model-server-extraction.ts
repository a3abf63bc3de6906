import { createHash } from "node:crypto";

/**
 * What a language model would find in a text, made deterministic: the same text always gives the same entities and
 * relations, so that two implementations of indexing can be compared row by row. Names repeat across texts with other descriptions and
 * sometimes other types, as they do with a real model.
 */
export interface Extraction {
  entities: ExtractedEntity[];
  relations: ExtractedRelation[];
}

export interface ExtractedEntity {
  name: string;
  type: string;
  description: string;
}

export interface ExtractedRelation {
  source: string;
  target: string;
  keywords: string[];
  description: string;
}

const types = ["Person", "Organization", "Location", "Event", "Concept", "Artifact"];
const keywords = ["planning", "travel", "work", "family", "project", "meeting", "health", "memory"];
const fillers = new Set(
  "A An And As At But By For From He Her His How I If In It My No Of On Or Our She So That The Then There They This To We What When Where With Yes You".split(
    " ",
  ),
);
const name = /\p{Lu}[\p{L}\p{N}'’-]+(?: \p{Lu}[\p{L}\p{N}'’-]+)*/gu;
const maxEntities = 24;
const maxRelations = 32;

/** First pass over a chunk: names, and the pairs of names that share a sentence. */
export function extract(text: string): Extraction {
  const sentences = sentencesOf(text).map((sentence) => ({ sentence, names: namesIn(sentence) }));
  return {
    entities: sentences
      .flatMap(({ sentence, names }) => names.map((found) => entity(found, sentence)))
      .slice(0, maxEntities),
    relations: sentences
      .flatMap(({ sentence, names }) => pairsOf(names).map((pair) => relation(pair, sentence)))
      .slice(0, maxRelations),
  };
}

/** Second pass ("gleaning"): long common words as concepts, tied to the first name; a better description of that name. */
export function glean(text: string): Extraction {
  const words = new Set(text.match(/\b\p{Ll}{11,}\b/gu) ?? []);
  const concepts = [...words].slice(0, 2);
  const first = namesIn(text)[0];
  const entities = concepts.map((word) => ({
    name: word,
    type: "Concept",
    description: `The text speaks of ${word}.`,
  }));
  if (first === undefined) return { entities, relations: [] };
  const better = {
    ...entity(first, text),
    description: `${first}, seen again: ${clip(text, 80)} (second reading).`,
  };
  return {
    entities: [better, ...entities],
    relations: concepts.map((word) => relation([first, word], `the text ties ${first} to ${word}`)),
  };
}

/** Names as a model would list them for a question, in the order in which they occur. */
export function namesIn(text: string): string[] {
  const found = (text.match(name) ?? []).map(withoutFiller).filter((candidate) => candidate.length > 1);
  return [...new Set(found)];
}

/** A number from 0 up to `below`, fixed by the text. */
export function pick(text: string, below: number): number {
  return createHash("sha256").update(text).digest().readUInt32LE(0) % below;
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

function withoutFiller(candidate: string): string {
  const words = candidate.split(" ");
  while (words[0] !== undefined && fillers.has(words[0])) words.shift();
  return words.join(" ");
}

function entity(found: string, sentence: string): ExtractedEntity {
  const surprise = pick(`${found}|${sentence}`, 4) === 0;
  const type = types[pick(surprise ? `${found}|${sentence}` : found, types.length)] ?? "Other";
  return { name: found, type, description: `${found} occurs in: ${clip(sentence, 160)}` };
}

function pairsOf(names: string[]): [string, string][] {
  return names.slice(1).map((second, index) => [names[index] ?? second, second]);
}

function relation([source, target]: [string, string], sentence: string): ExtractedRelation {
  const at = pick(`${source}|${target}|${sentence}`, keywords.length);
  const chosen = [keywords[at], keywords[(at + 3) % keywords.length]].filter((word) => word !== undefined);
  return {
    source,
    target,
    keywords: chosen,
    description: `${source} with ${target}: ${clip(sentence, 120)}`,
  };
}

function clip(text: string, length: number): string {
  return Array.from(text.replace(/\s+/gu, " ")).slice(0, length).join("");
}
