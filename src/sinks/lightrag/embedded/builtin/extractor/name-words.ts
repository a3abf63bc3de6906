import { mindVerbs } from "../../../../../kernel/language/english-words.ts";
import { commonWords, functionWords } from "../common-words.ts";
import { infinitiveOf, isInLexicon, kindNamedBy, mayBeSomebody, tagsAlone, type Word } from "./language.ts";
import { bareWord } from "./names.ts";

const neverNames = ["Pronoun", "Expression", "WeekDay", "Month", "Determiner", "QuestionWord"];
/** After these a new sentence begins, and a capital is no evidence of a name. */
const opensSentence = /[:("“‘[–—…]|\s-\s|\.{2,}/u;

/** Verbs with a human subject: they distinguish a name from a thing at the beginning of a sentence. */
const humanActions: ReadonlySet<string> = new Set(
  `agree answer arrive ask bake book borrow bring build buy call come cook decide drive explain find forget give go help invite
  join laugh leave lend love meet move offer order paint phone pick plan promise reply say send show sign sing suggest teach
  tell text think visit want win write`.split(/\s+/u),
);

/** Whether a capital makes this word (a part of) a proper name. */
export function isNameWord(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word === undefined || !/^\p{Lu}/u.test(word.text) || isOrdinary(word)) return false;
  if (isKnownName(word)) return true;
  if (isAllCapitals(word.text)) return word.text.length > 2 && !isInLexicon(bareWord(word));
  if (!opensASentence(words, at)) return true;
  return mayBeSomebody(bareWord(word))
    ? isTreatedLikeOne(words, at)
    : isStrange(word) && isFollowedLikeAName(words, at);
}

const personal: ReadonlySet<string> = new Set(["her", "his", "she", "he", "herself", "himself"]);

/** "Rose took her first steps": a word for a thing, before what is only said of people. */
function isTreatedLikeOne(words: readonly Word[], at: number): boolean {
  const [next, ...more] = words.slice(at + 1);
  if (next?.tags.has("Verb") !== true || words[at]?.after.trim() !== "") return false;
  return mindVerbs.has(next.lower) || more.some(({ lower }) => personal.has(lower));
}

/** A widely known person, place or organisation, as the sentence uses it. */
export function isKnownName(word: Word): boolean {
  return word.tags.has("ProperNoun") && tagsAlone(bareWord(word)).has("ProperNoun");
}

function isOrdinary(word: Word): boolean {
  const lower = bareWord(word);
  if (lower.length < 2 || functionWords.has(lower) || commonWords.has(lower)) return true;
  return neverNames.some((tag) => word.tags.has(tag) || tagsAlone(lower).has(tag));
}

function isAllCapitals(text: string): boolean {
  return /^[\p{Lu}\p{N}'’&+]{2,}s?$/u.test(text);
}

function opensASentence(words: readonly Word[], at: number): boolean {
  const gap = `${words[at - 1]?.after ?? ""}${words[at]?.before ?? ""}`;
  return at === 0 || opensSentence.test(gap);
}

/** Not a word of the dictionary, nor a form of one. */
function isStrange(word: Word): boolean {
  const lower = bareWord(word);
  return !isInLexicon(lower) && !/(?:ing|ed|ly|ness|ment|ful|s)$/u.test(lower);
}

/** A name that opens a sentence continues as a name, is joined to "I", or has a human verb. */
function isFollowedLikeAName(words: readonly Word[], at: number): boolean {
  const next = words[at + 1];
  if (next === undefined || words[at]?.after.trim() !== "") return false;
  if (isNameWord(words, at + 1) || isJoinedToI(words, at) || joinsACompany(words, at + 1)) return true;
  return mindVerbs.has(next.lower) || (next.tags.has("PastTense") && isWhatPeopleDo(next));
}

/** "Harper & Sons", "Kim & Partners" */
export function joinsACompany(words: readonly Word[], at: number): boolean {
  return words[at]?.text === "&" && kindNamedBy(words[at + 1]?.lower ?? "") === "organization";
}

export function isWhatPeopleDo(word: Word | undefined): boolean {
  if (word?.tags.has("Verb") !== true) return false;
  return mindVerbs.has(word.lower) || humanActions.has(infinitiveOf(word.lower));
}

/** "Priya and I" */
export function isJoinedToI(words: readonly Word[], at: number): boolean {
  return words[at + 1]?.lower === "and" && words[at + 2]?.lower === "i";
}
