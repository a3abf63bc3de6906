import { commonWords, functionWords } from "../common-words.ts";
import {
  kindNamedBy,
  kindOfKnownName,
  mayBeSomebody,
  type Sentence,
  tagsAlone,
  type Word,
} from "./language.ts";
import type { Mention, MentionFinder, Situation } from "./mention.ts";
import { isJoinedToI, isNameWord, isWhatPeopleDo, joinsACompany } from "./name-words.ts";
import { bareWord, isPossessive, properName, singularPhrase } from "./names.ts";
import { kinNouns } from "./noun-lists.ts";
import { type EntityType, typeOfPhrase } from "./noun-types.ts";

/** An addressee is named within the first words of a sentence or at its end: "Hey Evan, …", "…, Evan!". */
const greetingLength = 3;

/** People, places, organisations and other things with a proper name. */
export const findNames: MentionFinder = (sentence, situation, isFree) => {
  const mentions: Mention[] = [];
  for (let first = 0; first < sentence.words.length; first++) {
    const last = endOfKnownName(sentence.words, first, isFree) ?? endOfName(sentence.words, first, isFree);
    if (last === null) continue;
    mentions.push(toMention(sentence, situation, first, last));
    first = last;
  }
  return mentions;
};

const longestKnownName = 4;

/** The last word of a widely known name of several words, which may begin like any other: "New York", "Los Angeles". */
function endOfKnownName(
  words: readonly Word[],
  first: number,
  isFree: (at: number) => boolean,
): number | null {
  for (let last = Math.min(first + longestKnownName, words.length) - 1; last > first; last--) {
    const name = words.slice(first, last + 1);
    const isOne = name.every(({ text, after }, at) => {
      const isJoined = at === name.length - 1 || after.trim() === "";
      return isJoined && isFree(first + at) && (/^\p{Lu}/u.test(text) || joiners.has(text));
    });
    if (isOne && kindOfKnownName(phraseOf(name)) !== undefined) return last;
  }
  return null;
}

const phraseOf = (name: readonly Word[]) => properName(name).toLowerCase();

/** The last word of the name that begins at `first`; null when none begins there. */
function endOfName(words: readonly Word[], first: number, isFree: (at: number) => boolean): number | null {
  const isPart = (at: number) => isFree(at) && isNameWord(words, at);
  if (!isPart(first)) return null;
  let last = first;
  while (!endsName(words, last)) {
    let next = last + 1;
    while (joiners.has(words[next]?.lower ?? "") || joinsACompany(words, next)) next++;
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
  const type = typeOfName(words, first, last);
  if (type !== "person") return withNounsBehind(words, { name: "", type, first, last });
  // "The Johnson account" is an account.
  const isOfAThing = words[first - 1]?.tags.has("Determiner") === true && !endsName(words, last);
  if (isOfAThing && isCommonNoun(words[last + 1]))
    return withNounsBehind(words, { name: "", type: "concept", first, last });
  const addressed = situation.speaker !== null && isAddressed(words, first, last);
  return {
    name: properName(words.slice(first, last + 1)),
    type,
    first,
    last,
    ...(addressed && { addressed }),
  };
}

/** "LGBTQ support group" is one thing: common nouns directly after a name that is not a person's belong to it. */
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

/** Set off by punctuation, preceded by nothing but a greeting, or at the end after a comma. */
function isAddressed(words: readonly Word[], first: number, last: number): boolean {
  const isSetOff = last === words.length - 1 || /^\s*[,!.?;:]/u.test(words[last]?.after ?? "");
  const opens = first <= greetingLength && words.slice(0, first).every(isGreeting);
  const closes = last === words.length - 1 && words[first - 1]?.after.includes(",") === true;
  return isSetOff && (opens || closes);
}

function isGreeting(word: Word): boolean {
  return word.tags.has("Expression") || commonWords.has(word.lower) || functionWords.has(word.lower);
}

/** Small words inside one name: "Game of Thrones", "Bank of the West". */
const joiners: ReadonlySet<string> = new Set(["of", "the", "de", "la", "del", "van", "von"]);

const beforePlaces: ReadonlySet<string> = new Set("in at from near to around visit visited".split(" "));
const beforePeople: ReadonlySet<string> = new Set(
  "with ask asked meet met tell told call called named thank thanked join joined help helped invite invited".split(
    " ",
  ),
);
const typeOfTag: ReadonlyMap<string, EntityType> = new Map([
  ["Person", "person"],
  ["Place", "location"],
  ["Organization", "organization"],
]);

/** The type of a proper name: by its last noun ("Harbour Museum"), by the lexicon, otherwise by its context. */
function typeOfName(words: readonly Word[], first: number, last: number): EntityType {
  const name = words.slice(first, last + 1);
  const byHead = name.length > 1 ? typeOfCompound(words, first, last) : undefined;
  return byHead ?? typeByLexicon(name) ?? typeByContext(words, first, last);
}

/**
 * A name of several words. Its last one says what it is a name of ("Grand Rapids", "ACME Corp"), or is what somebody makes or sells: then a place before it
 * tells only whose ("Fenwick Glass", "Thames Water").
 */
function typeOfCompound(words: readonly Word[], first: number, last: number): EntityType | undefined {
  const name = words.slice(first, last + 1);
  const [begin, head] = [tagsAlone(bareWord(name[0] as Word)), bareWord(name.at(-1) as Word)];
  const known = kindOfKnownName(phraseOf(name)) ?? typeOfPhrase(singularPhrase(name)) ?? kindNamedBy(head);
  // "Emma Stone" is no stone.
  if (begin.has("FirstName") && thingTypes.has(known)) return "person";
  if (known !== undefined) return known;
  if (!begin.has("Place") || tagsAlone(head).has("ProperNoun")) return undefined;
  const before = words[first - 1]?.lower ?? "";
  const acts = beforePlaces.has(before) || dealsWith.has(before) || isWhatPeopleDo(words[last + 1]);
  return acts ? "organization" : "concept";
}

const thingTypes: ReadonlySet<EntityType | undefined> = new Set(["artifact", "creature", "naturalobject"]);

const dealsWith: ReadonlySet<string> = new Set(["by", "for", "with", "against"]);

/** Word for word: the tagger's guesses from the context are not trusted. */
function typeByLexicon(name: readonly Word[]): EntityType | undefined {
  if (name.some((word) => joiners.has(word.lower))) return undefined;
  const known = name.map((word) => tagsAlone(bareWord(word)));
  const [, type] = [...typeOfTag].find(([tag]) => known.some((tags) => tags.has(tag))) ?? [];
  return type === "person" && !isPersonal(name, known) ? undefined : type;
}

/** "Apex Legends" is not a person although it contains a surname: people's names begin with a given name, an initial or what they are to somebody. */
function isPersonal([first, ...more]: readonly Word[], known: readonly ReadonlySet<string>[]): boolean {
  if (first === undefined || more.length === 0 || known[0]?.has("Person") === true) return true;
  return kinNouns.has(first.lower) || /^(?:\p{Lu}\.?){1,3}$/u.test(first.text);
}

function typeByContext(words: readonly Word[], first: number, last: number): EntityType {
  const name = words[last];
  if (name === undefined || /^\p{Lu}{2,}s?$/u.test(name.text)) return "concept";
  if (words[first - 1]?.tags.has("Determiner") === true) return "concept";
  const before = words[first - 1]?.lower ?? "";
  if (beforePlaces.has(before)) return "location";
  if (typeOfPhrase(before) === "creature") return "creature";
  const isName = first === last && mayBeSomebody(bareWord(name));
  const isPerson =
    isName ||
    kinNouns.has(before) ||
    beforePeople.has(before) ||
    isPossessive(name) ||
    isJoinedToI(words, last);
  return isPerson || isWhatPeopleDo(words[last + 1]) ? "person" : "concept";
}
