import { commonWords, functionWords } from "../common-words.ts";
import type { Sentence, Word } from "./language.ts";
import type { Mention, MentionFinder, Situation } from "./mention.ts";
import { joiners, typeOfName } from "./name-types.ts";
import { isNameWord } from "./name-words.ts";
import { isPossessive, properName, singularPhrase } from "./names.ts";
import { typeOfPhrase } from "./noun-types.ts";

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
  const type = typeOfName(words, first, last);
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

/** Set off by punctuation, behind nothing but a greeting, or at the end behind a comma. */
function isAddressed(words: readonly Word[], first: number, last: number): boolean {
  const isSetOff = last === words.length - 1 || /^\s*[,!.?;:]/u.test(words[last]?.after ?? "");
  const opens = first <= greetingLength && words.slice(0, first).every(isGreeting);
  const closes = last === words.length - 1 && words[first - 1]?.after.includes(",") === true;
  return isSetOff && (opens || closes);
}

function isGreeting(word: Word): boolean {
  return word.tags.has("Expression") || commonWords.has(word.lower) || functionWords.has(word.lower);
}
