import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import type { MemoryFacts } from "../../domain/memory-facts.ts";
import { findHandles, findHashtags, findLinks, withoutMarks } from "./marks.ts";
import { findNamedThings, type TaggedWord } from "./named-things.ts";

export type TextFacts = Pick<MemoryFacts, "tags" | "people" | "links">;

const limits = { hashtags: 20, names: 10, keywords: 8, people: 15, links: 15 };
const maxNameLength = 80;

/** Finds what a transcript mentions. The same text gives the same facts. Names and keywords are found in English only. */
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

/** Removes duplicates, ignoring case; the first spelling is kept. */
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

/** How much of a long text is tagged, roughly, in UTF-16 units: its beginning says what it is about, and tagging takes time. */
const maxLength = 20_000;
/** Tagged at once, in some 20 ms; the event loop runs between the pieces. */
const pieceLength = 2000;

/**
 * The sentences of the first 20,000 characters or so of a text, with words tagged by `compromise`. The first call loads the
 * library, in 0.3 s. It knows only English; `isEnglish` says whether its tags are meaningful.
 */
async function tagWords(text: string, signal: AbortSignal): Promise<TaggedWord[][]> {
  const { default: nlp } = await import("compromise");
  const sentences: TaggedWord[][] = [];
  for (const piece of pieces(text)) {
    for (const terms of nlp(piece).docs) {
      sentences.push(terms.map(({ text, post, tags }) => ({ text, after: post, tags: tags ?? new Set() })));
    }
    await yieldToEventLoop(undefined, { signal });
  }
  return sentences;
}

/** The beginning of a text in pieces, cut between sentences if possible, otherwise at white space. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < Math.min(text.length, maxLength); ) {
    const limit = start + pieceLength;
    const seams = [text.lastIndexOf(". ", limit) + 1, text.lastIndexOf(" ", limit), limit];
    const end = limit >= text.length ? text.length : (seams.find((seam) => seam > start) ?? limit);
    yield text.slice(start, end);
    start = end;
  }
}

const functionTags = ["Pronoun", "Determiner", "Preposition", "Conjunction", "Auxiliary", "Copula", "Modal"];
/** Nine of ten English notes have more, but hardly any German, French, Spanish, Italian or Dutch ones. */
const englishShare = 0.25;

/** Whether enough of the words are English function words; in another language hardly any are. */
function isEnglish(sentences: readonly (readonly TaggedWord[])[]): boolean {
  const words = sentences.flat().filter(({ text }) => text !== "");
  const small = words.filter(({ tags }) => functionTags.some((tag) => tags.has(tag)));
  return small.length >= englishShare * words.length;
}
