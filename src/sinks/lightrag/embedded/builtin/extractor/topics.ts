import { nounLike, swearWords, vagueNouns } from "../../../../../kernel/language/english-words.ts";
import { commonWords, functionWords } from "../common-words.ts";
import { tagsAlone, type Word } from "./language.ts";
import type { Mention, MentionFinder } from "./mention.ts";
import { isPossessive, singularPhrase } from "./names.ts";
import { kinNouns, lightActivities, namesAKind } from "./noun-lists.ts";
import { typeOfPhrase } from "./noun-types.ts";

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

/** Noun phrases worth an entity of their own. */
export const findTopics: MentionFinder = ({ words }, _situation, isFree) => {
  const mentions: Mention[] = [];
  for (let first = 0; first < words.length; first++) {
    const last = endOfPhrase(words, first, isFree);
    if (last === null) continue;
    mentions.push(...topic(words, Math.max(first, last - longestTopic + 1), last));
    first = last;
  }
  return mentions;
};

/** The last noun of the phrase that begins here: classifying adjectives, then nouns. */
function endOfPhrase(words: readonly Word[], first: number, isFree: (at: number) => boolean): number | null {
  let last: number | null = null;
  for (const [at, word] of words.entries()) {
    if (at < first) continue;
    if (!isFree(at)) break;
    if (isTopicNoun(word)) last = at;
    else if (last !== null || !isKindAdjective(word)) break;
    if (word.after.trim() !== "" || isPossessive(word)) break;
  }
  return last;
}

function isTopicNoun(word: Word): boolean {
  if (!word.tags.has("Noun") || notTopics.some((tag) => word.tags.has(tag))) return false;
  // The tagger may take a number that opens a sentence for a name.
  if (tagsAlone(word.lower).has("Value")) return false;
  const isWord = /^[\p{L}\p{M}'’-]+$/u.test(word.text) && word.text.length >= shortestWord;
  return isWord && [functionWords, nounLike, swearWords].every((words) => !words.has(word.lower));
}

function isKindAdjective(word: Word): boolean {
  return word.tags.has("Adjective") && namesAKind(word.lower);
}

function topic(words: readonly Word[], first: number, last: number): Mention[] {
  const name = singularPhrase(words.slice(first, last + 1));
  const head = name.split(" ").at(-1) ?? "";
  const written = words[last]?.lower ?? "";
  const isEmpty = [vagueNouns, kinNouns, commonWords].some((list) => list.has(head) || list.has(written));
  if (isEmpty || isLooseGerund(name, head)) return [];
  return [{ name, type: typeOfPhrase(name) ?? "concept", first, last }];
}

/** "a man holding a key" is no "man holding"; "a horse painting" is a painting. */
function isLooseGerund(name: string, head: string): boolean {
  if (!head.endsWith("ing")) return false;
  return lightActivities.has(head) || (name !== head && typeOfPhrase(name) === undefined);
}
