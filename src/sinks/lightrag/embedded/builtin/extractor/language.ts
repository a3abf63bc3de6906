import nlp from "compromise";
import {
  dictionaryOf,
  isThingAndName,
  withCapitalsOfNames,
} from "../../../../../kernel/language/names-in-lower-case.ts";

/** One word of a sentence as the tagger sees it. */
export interface Word {
  /** As written, without the punctuation around it. */
  text: string;
  lower: string;
  /** Tags of compromise: `Noun`, `Person`, `Gerund`, `Pronoun` … */
  tags: ReadonlySet<string>;
  /** Position in the sentence's text, in UTF-16 units; `end` is exclusive. */
  start: number;
  end: number;
  /** Punctuation and white space between this word and its neighbours. */
  before: string;
  after: string;
}

export interface Sentence {
  text: string;
  words: readonly Word[];
}

const cacheLimit = 20_000;

/** The sentences of a text with tagged words, and with names in capitals where it has none. Only this file uses the language library. */
export function sentencesOf(text: string): Sentence[] {
  return nlp(withCapitalsOfNames(text, dictionary)).docs.map(toSentence);
}

/** The tags of a word without context, which are those of the library's lexicon. */
export const tagsAlone = memoised((word) => nlp(word).docs[0]?.[0]?.tags ?? new Set<string>());

/** The singular of a plural noun, in lower case: `children` → `child`. */
export const singularOf = memoised((noun) => nlp(`the ${noun}`).nouns().toSingular().text().slice(4) || noun);

/** The infinitive of a verb in any form: `went` → `go`. */
export const infinitiveOf = memoised((verb) => nlp(`i ${verb}`).verbs().toInfinitive().text() || verb);

const dictionary = dictionaryOf(nlp.model());
const { lexicon } = dictionary;
const { orgWords, placeWords } = (
  nlp.model() as { two: Record<"orgWords" | "placeWords", Record<string, unknown>> }
).two;

/** Whether a word, in lower case, is an ordinary word or a widely known name of the language. */
export function isInLexicon(lower: string): boolean {
  return Object.hasOwn(lexicon, lower);
}

const placeTags: ReadonlySet<unknown> = new Set(["Place", "City", "Country", "Region"]);
const companyTags: ReadonlySet<unknown> = new Set(["Organization", "SportsTeam", "Company"]);

/** What a widely known name of several words is of, in lower case: `new york`, `costa rica`; undefined for any other. */
export function kindOfKnownName(lower: string): "organization" | "location" | undefined {
  const tags = Object.hasOwn(lexicon, lower) ? [lexicon[lower]].flat() : [];
  if (tags.some((tag) => placeTags.has(tag))) return "location";
  return tags.some((tag) => companyTags.has(tag)) ? "organization" : undefined;
}

/** What a name is of that ends in this word, in lower case: `Holdings`, `Falls`; undefined where the word says nothing. */
export function kindNamedBy(lower: string): "organization" | "location" | undefined {
  if (Object.hasOwn(placeWords, lower)) return "location";
  return Object.hasOwn(orgWords, lower) ? "organization" : undefined;
}

/** Whether a word, in lower case, is a thing and a name of people: `rose`, `lily`. */
export function mayBeSomebody(lower: string): boolean {
  return isThingAndName(lower, dictionary);
}

interface Term {
  text: string;
  pre: string;
  post: string;
  tags?: Set<string>;
}

function toSentence(terms: readonly Term[]): Sentence {
  const words: Word[] = [];
  let text = "";
  for (const term of terms) {
    const start = text.length + term.pre.length;
    text += term.pre + term.text + term.post;
    // The second half of a contraction ("isn't") has no text of its own.
    if (term.text === "") continue;
    words.push({
      text: term.text,
      lower: term.text.toLowerCase().replaceAll("’", "'"),
      tags: term.tags ?? new Set(),
      start,
      end: start + term.text.length,
      before: term.pre,
      after: term.post,
    });
  }
  return { text: text.trim(), words };
}

/** Memoises slow look-ups; the cache is cleared when it grows large. */
function memoised<Value>(look: (word: string) => Value): (word: string) => Value {
  const known = new Map<string, Value>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    if (known.size >= cacheLimit) known.clear();
    const value = look(word);
    known.set(word, value);
    return value;
  };
}
