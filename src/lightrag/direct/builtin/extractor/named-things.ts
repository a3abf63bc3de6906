import type { Sentence, Word } from "./language.ts";
import { tagsAlone } from "./language.ts";
import type { Mention, MentionFinder, Situation } from "./mention.ts";
import { isNameWord } from "./name-words.ts";
import { isPossessive, properName, singularPhrase } from "./names.ts";
import { type EntityType, kinNouns, typeOfPhrase } from "./noun-types.ts";

/** Small words inside one name: "Game of Thrones", "Bank of the West". */
const joiners: ReadonlySet<string> = new Set(["of", "the", "de", "la", "del", "van", "von"]);
const placePrepositions: ReadonlySet<string> = new Set([
  "in",
  "at",
  "from",
  "near",
  "to",
  "around",
  "visit",
  "visited",
]);
const companyPrepositions: ReadonlySet<string> = new Set(["with", "meet", "met", "told", "called"]);
const typeOfTag: Readonly<Record<string, EntityType>> = {
  Person: "person",
  Place: "location",
  Organization: "organization",
};
/** Somebody is spoken to within the first words of a sentence or at its end: "Hey Evan, …", "…, Evan!". */
const greetingLength = 3;

/** People, places, organisations and other things with a proper name. */
export const findNames: MentionFinder = (sentence, situation, isFree) => {
  const mentions: Mention[] = [];
  for (let first = 0; first < sentence.words.length; first++) {
    const last = endOfName(sentence.words, first, isFree);
    if (last === null) continue;
    mentions.push(toMention(sentence, situation, first, last));
    first = last;
  }
  return mentions;
};

/** The last word of the name that begins at `first`; null when none begins there. */
function endOfName(words: readonly Word[], first: number, isFree: (at: number) => boolean): number | null {
  const isPart = (at: number) => isFree(at) && isNameWord(words, at);
  if (!isPart(first)) return null;
  let last = first;
  while (!endsName(words, last)) {
    let next = last + 1;
    while (joiners.has(words[next]?.lower ?? "")) next++;
    if (!isPart(next)) break;
    last = next;
  }
  return last;
}

/** A name ends at punctuation and at a possessive: in "Evan's Prius" there are two. A full stop may abbreviate: "Dr. Smith". */
function endsName(words: readonly Word[], at: number): boolean {
  const word = words[at];
  return word === undefined || isPossessive(word) || !/^\.?\s*$/u.test(word.after);
}

function toMention(sentence: Sentence, situation: Situation, first: number, last: number): Mention {
  const { words } = sentence;
  const type = typeOf(words, first, last);
  if (type !== "person") return withNounsBehind(words, { name: "", type, first, last });
  const addressed = situation.speaker !== null && isAddressed(words, first, last);
  return {
    name: properName(words.slice(first, last + 1)),
    type,
    first,
    last,
    ...(addressed && { addressed }),
  };
}

/** "LGBTQ support group" is one thing: common nouns directly behind a name that is no person's belong to it. */
function withNounsBehind(words: readonly Word[], mention: Mention): Mention {
  let { last } = mention;
  while (!endsName(words, last) && isCommonNoun(words[last + 1])) last++;
  const { first } = mention;
  if (last === mention.last) return { ...mention, name: properName(words.slice(first, last + 1)) };
  const behind = singularPhrase(words.slice(mention.last + 1, last + 1));
  const name = `${properName(words.slice(first, mention.last + 1))} ${behind}`;
  return { name, type: typeOfPhrase(behind) ?? "concept", first, last };
}

function isCommonNoun(word: Word | undefined): boolean {
  return word?.tags.has("Noun") === true && !word.tags.has("Pronoun") && /^\p{Ll}/u.test(word.text);
}

function typeOf(words: readonly Word[], first: number, last: number): EntityType {
  const name = words.slice(first, last + 1);
  const byHead = name.length > 1 ? typeOfPhrase(singularPhrase(name)) : undefined;
  return byHead ?? typeByTags(name) ?? typeByContext(words, first, last);
}

/** By the lexicon, word for word: the tagger's guesses from the context are not trusted. */
function typeByTags(name: readonly Word[]): EntityType | undefined {
  if (name.some((word) => joiners.has(word.lower))) return undefined;
  const known = name.map((word) => tagsAlone(word.lower.replace(/'s?$/u, "")));
  const typed = Object.entries(typeOfTag).find(([tag]) => known.some((tags) => tags.has(tag)));
  // "Apex Legends" is not a person for having a surname in it: people's names begin with a given name or an initial.
  const isPersonal =
    known.length === 1 || known[0]?.has("Person") === true || /^(?:\p{Lu}\.?)+$/u.test(name[0]?.text ?? "");
  return typed?.[1] === "person" && !isPersonal ? undefined : typed?.[1];
}

function typeByContext(words: readonly Word[], first: number, last: number): EntityType {
  const before = words[first - 1]?.lower ?? "";
  const name = words[last];
  if (name === undefined || /^\p{Lu}{2,}s?$/u.test(name.text)) return "concept";
  if (placePrepositions.has(before)) return "location";
  if (kinNouns.has(before)) return "person";
  if (typeOfPhrase(before) === "creature") return "creature";
  return companyPrepositions.has(before) || isPossessive(name) || first === 0 ? "person" : "concept";
}

/** Set off by punctuation on its far side, and by punctuation, a greeting or nothing on its near side. */
function isAddressed(words: readonly Word[], first: number, last: number): boolean {
  const before = words[first - 1];
  const after = words[last]?.after ?? "";
  const isSetOff = /^[,!.?;:\s]*[,!.?;:]/u.test(after) || last === words.length - 1;
  const opens = before === undefined || before.after.includes(",") || isGreeting(before);
  return isSetOff && opens && (first <= greetingLength || last === words.length - 1);
}

function isGreeting(word: Word): boolean {
  return word.tags.has("Expression") || ["thanks", "too", "sure", "cool", "agreed"].includes(word.lower);
}
