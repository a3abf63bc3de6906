import { findActivities } from "./activities.ts";
import { findDates } from "./dates.ts";
import type { Sentence } from "./language.ts";
import { type Mention, type MentionFinder, type Situation, wordRange } from "./mention.ts";
import { findNames } from "./named-things.ts";
import { findRelatives } from "./relatives.ts";
import { findTitles } from "./titles.ts";
import { findTopics } from "./topics.ts";

/** From the most to the least certain: what one finder takes is closed to those after it. */
const finders: readonly MentionFinder[] = [
  findDateMentions,
  findTitles,
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
