import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import type { MemoryFacts } from "../../domain/memory-facts.ts";
import { languageOf } from "../../kernel/language/language-of.ts";
import {
  dictionaryOf,
  isThingAndName,
  withCapitalsOfNames,
} from "../../kernel/language/names-in-lower-case.ts";
import { findHandles, findHashtags, findLinks, withoutMarks } from "./marks.ts";
import { findNamedThings, type TaggedWord } from "./named-things.ts";

export type TextFacts = Pick<MemoryFacts, "tags" | "people" | "links">;

const limits = { hashtags: 20, names: 10, keywords: 8, people: 15, links: 15 };
const maxNameLength = 80;

/**
 * Finds what a transcript mentions. The same text gives the same facts. Names and keywords are found in English only; `language` is what the source
 * says of it, BCP 47.
 */
export async function readTextFacts(
  transcript: string,
  signal: AbortSignal,
  language?: string,
): Promise<TextFacts> {
  signal.throwIfAborted();
  const text = withoutMarks(transcript);
  const isEnglish = (await languageOf(text, language)) === "en";
  const named = isEnglish
    ? findNamedThings(await tagWords(text, signal))
    : { people: [], others: [], keywords: [] };
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
 * library, in 0.3 s. It knows only English.
 */
async function tagWords(text: string, signal: AbortSignal): Promise<TaggedWord[][]> {
  const { default: nlp } = await import("compromise");
  const dictionary = dictionaryOf(nlp.model());
  const sentences: TaggedWord[][] = [];
  for (const piece of pieces(withCapitalsOfNames(text, dictionary))) {
    for (const terms of nlp(piece).docs) {
      sentences.push(
        terms.map(({ text, post, tags = new Set(), normal }) => ({
          text,
          after: post,
          tags,
          mayBeName: isThingAndName(normal, dictionary),
          isKnown: Object.hasOwn(dictionary.lexicon, normal),
        })),
      );
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
