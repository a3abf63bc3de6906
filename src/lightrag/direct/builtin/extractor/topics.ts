import { commonWords, functionWords } from "../common-words.ts";
import { infinitiveOf, type Sentence, type Word } from "./language.ts";
import type { Mention, MentionFinder, Situation } from "./mention.ts";
import { isNameWord } from "./name-words.ts";
import { isPossessive, properName, singularPhrase } from "./names.ts";
import { kinNouns, namesAKind, typeOfPhrase, vagueNouns } from "./noun-types.ts";

const longestTopic = 3;
const shortestWord = 3;
const notTopics = [
  "Pronoun",
  "Date",
  "Value",
  "Expression",
  "Determiner",
  "QuestionWord",
  "Verb",
  "Adverb",
  "Conjunction",
];
/** Verbs in front of what people do for its own sake: "went swimming", "love hiking". */
const activityCues: ReadonlySet<string> = new Set(
  "go love enjoy like hate miss prefer start try practice practise learn teach quit do".split(" "),
);
/** Such forms in -ing are said of anything and name no activity. */
const lightActivities: ReadonlySet<string> = new Set(
  `asking becoming being bringing calling checking coming deciding doing facing feeling finding getting giving going happening
  having hearing helping keeping knowing laying learning leaving letting living looking loving making missing moving playing posing pushing putting
  saying seeing showing sitting standing starting staying taking talking telling thinking trying using waiting wearing working`.split(
    /\s+/u,
  ),
);

/** Noun phrases and activities worth an entity of their own, and people named by kinship ("my sister"). */
export const findTopics: MentionFinder = (sentence, situation, isFree) => {
  const mentions: Mention[] = [];
  for (let at = 0; at < sentence.words.length; at++) {
    const end = endOfPhrase(sentence.words, at, isFree);
    const mention = end === null ? activity(sentence.words, at, isFree) : topic(sentence, situation, at, end);
    if (mention !== null) mentions.push(mention);
    if (end !== null) at = end;
  }
  return mentions;
};

/** The last noun of the phrase that begins here: adjectives that tell kinds apart, then nouns. */
function endOfPhrase(words: readonly Word[], first: number, isFree: (at: number) => boolean): number | null {
  let last: number | null = null;
  for (let at = first; at < words.length && isFree(at); at++) {
    const word = words[at];
    if (word === undefined) break;
    if (isTopicNoun(word)) last = at;
    else if (last !== null || !isKindAdjective(word)) break;
    if (word.after.trim() !== "" || isPossessive(word)) break;
  }
  return last;
}

function isTopicNoun(word: Word): boolean {
  if (!word.tags.has("Noun") || notTopics.some((tag) => word.tags.has(tag))) return false;
  return (
    /^[\p{L}\p{M}'’-]+$/u.test(word.text) &&
    !functionWords.has(word.lower) &&
    word.text.length >= shortestWord
  );
}

function isKindAdjective(word: Word): boolean {
  return word.tags.has("Adjective") && namesAKind(word.lower);
}

function topic(sentence: Sentence, situation: Situation, first: number, last: number): Mention | null {
  const from = Math.max(first, last - longestTopic + 1);
  const words = sentence.words.slice(from, last + 1);
  const name = singularPhrase(words);
  const head = name.split(" ").at(-1) ?? "";
  if (kinNouns.has(head))
    return isTitleOfName(sentence.words, last) ? null : kin(sentence.words, situation, last, name);
  if (vagueNouns.has(head) || isCommon(words.at(-1), head) || isLooseGerund(name)) return null;
  return { name, type: typeOfPhrase(name) ?? "concept", first: from, last };
}

function isCommon(word: Word | undefined, singular: string): boolean {
  return commonWords.has(singular) || (word !== undefined && commonWords.has(word.lower));
}

/** "a man holding a key" is no "man holding"; "a horse painting" is a painting. */
function isLooseGerund(name: string): boolean {
  const head = name.split(" ").at(-1) ?? "";
  return (
    head.endsWith("ing") && (lightActivities.has(head) || (name !== head && typeOfPhrase(name) === undefined))
  );
}

/** "grandma Clara" is Clara. */
function isTitleOfName(words: readonly Word[], at: number): boolean {
  return words[at]?.after.trim() === "" && isNameWord(words, at + 1);
}

/** "my sister" of Ana is `Ana's sister`; of nobody known, `sister`. */
function kin(words: readonly Word[], situation: Situation, last: number, name: string): Mention {
  const head = name.split(" ").at(-1) ?? name;
  const owner = ownerBefore(words, last, situation);
  return { name: owner === null ? head : `${owner}'s ${head}`, type: "person", first: last, last };
}

/** Whose: the nearest possessive within the few words before the noun. */
function ownerBefore(words: readonly Word[], noun: number, { speaker, addressee }: Situation): string | null {
  for (let at = noun - 1; at >= Math.max(0, noun - 3); at--) {
    const word = words[at];
    if (word === undefined) return null;
    if (word.lower === "my" || word.lower === "our") return speaker;
    if (word.lower === "your") return addressee;
    if (isPossessive(word) && word.tags.has("ProperNoun")) return properName([word]);
  }
  return null;
}

/** A verb in -ing that stands like a noun: "went swimming with the kids", "into hiking". */
function activity(words: readonly Word[], at: number, isFree: (at: number) => boolean): Mention | null {
  const word = words[at];
  const before = words[at - 1];
  if (word === undefined || before === undefined || !isFree(at)) return null;
  const isActivity = word.tags.has("Gerund") && /ing$/u.test(word.lower) && !lightActivities.has(word.lower);
  const isCued =
    before.lower === "into" || (before.tags.has("Verb") && activityCues.has(infinitiveOf(before.lower)));
  if (!isActivity || !isCued) return null;
  return { name: word.lower, type: typeOfPhrase(word.lower) ?? "concept", first: at, last: at };
}
