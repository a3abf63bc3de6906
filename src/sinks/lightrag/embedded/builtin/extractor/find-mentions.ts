import { vagueNouns } from "../../../../../kernel/language/english-words.ts";
import { feastPattern, feastsOf } from "../../../../../kernel/language/feasts.ts";
import { commonWords, functionWords } from "../common-words.ts";
import { findDates } from "./dates.ts";
import { infinitiveOf, type Sentence, type Word } from "./language.ts";
import { type Mention, type MentionFinder, type Situation, wordRange } from "./mention.ts";
import { findNames } from "./named-things.ts";
import { lightActivities } from "./noun-lists.ts";
import { typeOfPhrase } from "./noun-types.ts";
import { findRelatives } from "./relatives.ts";
import { findTopics } from "./topics.ts";

/** A title in double quotation marks: begins with a capital or a digit, and is too short for quoted speech. */
const quoted = /["“](?<title>[\p{Lu}\p{N}][^"“”]{1,60}?)[.,]?["”]/gu;
const longestTitle = 8;

/** Books, films, songs and other things that people put in quotation marks. */
const findTitles: MentionFinder = (sentence) =>
  [...sentence.text.matchAll(quoted)].flatMap((match) => {
    const title = match.groups?.title ?? "";
    const start = match.index + 1;
    const range = wordRange(sentence.words, start, start + title.length);
    return range === null || !isTitle(title)
      ? []
      : [{ name: title.replaceAll("’", "'"), type: "content" as const, ...range }];
  });

function isTitle(title: string): boolean {
  const words = title.toLowerCase().split(/\s+/u);
  const isEmphasis = words.every((word) => functionWords.has(word) || commonWords.has(word));
  return words.length <= longestTitle && !isEmphasis && !/[.!?]$/u.test(title);
}

const feast = new RegExp(`(?<![\\p{L}\\p{N}])(?:${feastPattern("en")})(?![\\p{L}\\p{N}])`, "giu");
const spellings = new Map(feastsOf("en").map((name) => [name.toLowerCase(), name]));

/** Days of feast, in any case; not where they say which thing is meant: a Christmas tree is a tree. */
const findFeasts: MentionFinder = ({ text, words }) =>
  [...text.matchAll(feast)].flatMap(({ 0: written, index }): Mention[] => {
    const range = wordRange(words, index, index + written.length);
    const name = spellings.get(written.toLowerCase().replaceAll("’", "'"));
    if (range === null || name === undefined) return [];
    const next = words[range.last]?.after.trim() === "" ? words[range.last + 1] : undefined;
    const isOfAThing =
      next?.tags.has("Noun") === true &&
      !["Pronoun", "Date"].some((tag) => next.tags.has(tag)) &&
      !vagueNouns.has(next.lower);
    return isOfAThing ? [] : [{ name, type: "event", ...range }];
  });

/** Verbs before an activity: "went swimming", "love hiking". */
const cues: ReadonlySet<string> = new Set(
  "go love enjoy like hate miss prefer start try practice practise learn teach quit do".split(" "),
);

/** Gerunds that are used like nouns: "went swimming with the kids", "into hiking". */
const findActivities: MentionFinder = ({ words }, _situation, isFree) =>
  words.flatMap((word, at): Mention[] => {
    const before = words[at - 1];
    if (before === undefined || !isFree(at) || !isActivity(word) || !isCue(before)) return [];
    return [{ name: word.lower, type: typeOfPhrase(word.lower) ?? "concept", first: at, last: at }];
  });

function isActivity(word: Word): boolean {
  return word.tags.has("Gerund") && word.lower.endsWith("ing") && !lightActivities.has(word.lower);
}

function isCue(word: Word): boolean {
  return word.lower === "into" || (word.tags.has("Verb") && cues.has(infinitiveOf(word.lower)));
}

/** From the most to the least certain: words that one finder takes are not available to later ones. */
const finders: readonly MentionFinder[] = [
  findDateMentions,
  findTitles,
  findFeasts,
  findNames,
  findRelatives,
  findTopics,
  findActivities,
];

/** The mentions of a sentence in order of their words. */
export function findMentions(sentence: Sentence, situation: Situation): Mention[] {
  const taken = new Set<number>();
  const mentions: Mention[] = [];
  for (const find of finders) {
    for (const mention of find(sentence, situation, (at) => !taken.has(at))) {
      for (let at = mention.first; at <= mention.last; at++) taken.add(at);
      mentions.push(mention);
    }
  }
  return mentions.sort((a, b) => a.first - b.first);
}

function findDateMentions(sentence: Sentence, { recordedOn }: Situation): Mention[] {
  return findDates(sentence.text, recordedOn).flatMap(({ name, start, end }): Mention[] => {
    const range = wordRange(sentence.words, start, end);
    return range === null ? [] : [{ name, type: "date", ...range }];
  });
}
