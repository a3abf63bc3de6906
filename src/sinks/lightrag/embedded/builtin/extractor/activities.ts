import { infinitiveOf, type Word } from "./language.ts";
import type { Mention, MentionFinder } from "./mention.ts";
import { lightActivities } from "./noun-lists.ts";
import { typeOfPhrase } from "./noun-types.ts";

/** Verbs in front of what people do for its own sake: "went swimming", "love hiking". */
const cues: ReadonlySet<string> = new Set(
  "go love enjoy like hate miss prefer start try practice practise learn teach quit do".split(" "),
);

/** Verbs in -ing that stand like nouns: "went swimming with the kids", "into hiking". */
export const findActivities: MentionFinder = ({ words }, _situation, isFree) =>
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
