import { singularOf, type Word } from "./language.ts";
import type { Mention, MentionFinder, Situation } from "./mention.ts";
import { isNameWord } from "./name-words.ts";
import { bareWord, isPossessive, properName } from "./names.ts";
import { kinNouns } from "./noun-lists.ts";

/** How far before the noun its possessive may be: "my two older sisters". Words. */
const ownerReach = 3;

/** People named by a relationship: "my sister" said by Ana is `Ana's sister`; by an unknown speaker, `sister`. */
export const findRelatives: MentionFinder = ({ words }, situation, isFree) =>
  words.flatMap((word, at): Mention[] => {
    const noun = word.tags.has("Noun") && isFree(at) ? kinNoun(word) : null;
    // "grandma Clara" is Clara.
    const isTitle = word.after.trim() === "" && isNameWord(words, at + 1);
    if (noun === null || isTitle) return [];
    const owner = ownerBefore(words, at, situation);
    const name = owner === null ? noun : `${owner}'s ${noun}`;
    return [{ name, type: "person", first: at, last: at }];
  });

/** The singular of a relationship noun; null for any other noun. */
function kinNoun(word: Word): string | null {
  const bare = bareWord(word);
  const noun = word.tags.has("Plural") ? singularOf(bare) : bare;
  return kinNouns.has(noun) ? noun : null;
}

function ownerBefore(words: readonly Word[], noun: number, { speaker, addressee }: Situation): string | null {
  for (const word of words.slice(Math.max(0, noun - ownerReach), noun).reverse()) {
    if (word.lower === "my" || word.lower === "our") return speaker;
    if (word.lower === "your") return addressee;
    if (isPossessive(word) && word.tags.has("ProperNoun")) return properName([word]);
  }
  return null;
}
