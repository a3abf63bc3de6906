import type { MemoryFacts } from "../../domain/memory-facts.ts";
import { findHandles, findHashtags, findLinks, withoutMarks } from "./marks.ts";
import { findNamedThings } from "./named-things.ts";
import { isEnglish, tagWords } from "./tagger.ts";

export type TextFacts = Pick<MemoryFacts, "tags" | "people" | "links">;

const limits = { hashtags: 20, names: 10, keywords: 8, people: 15, links: 15 };
const maxNameLength = 80;

/** What a transcript mentions. The same text gives the same facts. Names and keywords are found in English only. */
export async function readTextFacts(transcript: string, signal: AbortSignal): Promise<TextFacts> {
  const sentences = await tagWords(withoutMarks(transcript), signal);
  const named = isEnglish(sentences) ? findNamedThings(sentences) : { people: [], others: [], keywords: [] };
  const people = first(limits.people, [...named.people, ...findHandles(transcript)]);
  const names = first(limits.names, named.others);
  const tags = [
    ...first(limits.hashtags, findHashtags(transcript)),
    ...names,
    ...first(limits.keywords, named.keywords),
  ];
  return {
    people,
    tags: unique(tags).filter((tag) => !people.some((person) => same(person, tag))),
    links: unique(findLinks(transcript)).slice(0, limits.links),
  };
}

function first(count: number, names: readonly string[]): string[] {
  return unique(names.filter((name) => name.length <= maxNameLength)).slice(0, count);
}

/** Without regard to case; the first way of writing stays. */
function unique(names: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const name of names) {
    if (!known.has(name.toLowerCase())) known.set(name.toLowerCase(), name);
  }
  return [...known.values()];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
