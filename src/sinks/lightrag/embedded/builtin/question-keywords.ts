import { commonWords, functionWords } from "./common-words.ts";
import { findMentions } from "./extractor/find-mentions.ts";
import { infinitiveOf, sentencesOf } from "./extractor/language.ts";

/**
 * What a question is about, without a chat model: the names and things that it mentions, spelled as the offline extractor
 * spells entities, and its themes, which are those things that have no proper name and what is done.
 */
export function questionKeywords(question: string): { high: string[]; low: string[] } {
  const situation = { speaker: null, addressee: null, recordedOn: null };
  const sentences = sentencesOf(question);
  const low = sentences.flatMap((sentence) => findMentions(sentence, situation).map(({ name }) => name));
  const themes = low.filter((name) => /^\p{Ll}/u.test(name));
  const acts = sentences.flatMap(({ words }) =>
    words
      .filter(({ tags }) => tags.has("Verb") && !tags.has("Auxiliary"))
      .map(({ lower }) => infinitiveOf(lower)),
  );
  const telling = acts.filter((act) => !functionWords.has(act) && !commonWords.has(act));
  return { high: [...new Set([...telling, ...themes])], low: [...new Set(low)] };
}
