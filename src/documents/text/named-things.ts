import { mindVerbs, nounLike, swearWords, vagueNouns } from "../../kernel/language/english-words.ts";

/** A word with the tags of the language library. */
export interface TaggedWord {
  /** As written, without the punctuation around it. */
  text: string;
  /** What follows it up to the next word. */
  after: string;
  tags: ReadonlySet<string>;
  /** A word that is a name of people as well: `Rose`, `Lily`, `Frank`. */
  mayBeName: boolean;
  /** Of the dictionary. */
  isKnown: boolean;
}

export interface NamedThings {
  people: string[];
  /** Places, organisations and other names. */
  others: string[];
  keywords: string[];
}

/** Tags that say what kind of name a word is. */
const kindTags = ["Person", "Place", "Organization", "Acronym"];
/** "Dr." is excluded, so that a person has one name with and without it. */
const noNameTags = ["Pronoun", "Date", "Honorific"];
/** What people say that is tagged as a noun. */
const spokenNouns: ReadonlySet<string> = new Set(
  "yes no ok okay hey hi hello bye thanks thank wow oh haha lol please sure do all gonna guys".split(" "),
);
/** Tags of words that are not topics, though they may be nouns too. */
const nonTopicTags = [
  "Determiner",
  "ProperNoun",
  "Pronoun",
  "Verb",
  "Date",
  "Time",
  "Value",
  "Money",
  "Expression",
  "Possessive",
  "Url",
  "Email",
];
const maxKeywordWords = 3;

/** Names and topics of a text, each in the order of its first appearance; keywords by frequency. */
export function findNamedThings(sentences: readonly (readonly TaggedWord[])[]): NamedThings {
  const names = sentences.flatMap(namesIn);
  const persons = new Set(sentences.flatMap(peopleIn).map(phrase));
  const people = names.filter((run) => persons.has(phrase(run)));
  const others = names.filter((run) => !people.includes(run));
  const topics = sentences.flatMap((words) => runs(words, isTopic));
  return {
    people: people.map(phrase),
    others: others.map(phrase),
    keywords: byFrequency(
      topics
        .map((run) => run.slice(-maxKeywordWords))
        .filter((run) => run.some(({ text }) => !isVague(text.toLowerCase())))
        .map((run) => phrase(run).toLowerCase()),
    ),
  };
}

type Fits = (word: TaggedWord, before: TaggedWord | undefined) => boolean;

/**
 * Words in a row that make a name. What somebody is to the speaker ("her sister Florence") is a part of it only with a capital, or where nothing has one.
 */
function namesIn(words: readonly TaggedWord[]): TaggedWord[][] {
  return runs(words, (word, before) => isName(word, before, words)).map((run) => {
    const first = run.findIndex(({ text }) => /^\p{Lu}/u.test(text));
    return run.slice(Math.max(0, first));
  });
}

/** Runs of adjacent words that all fit, without punctuation between them. */
function runs(words: readonly TaggedWord[], fits: Fits): TaggedWord[][] {
  const found: TaggedWord[][] = [];
  let open = false;
  for (const [index, word] of words.entries()) {
    const fitting = fits(word, words[index - 1]);
    if (fitting && !open) found.push([]);
    if (fitting) found.at(-1)?.push(word);
    open = fitting && word.after.trim() === "";
  }
  return found;
}

/** Verbs and prepositions whose object is a person. */
const beforePeople = new Set(
  "met meet meeting with ask asked asking tell told call called calling phoned texted emailed thank thanked invite invited visit saw seen see join joined helped help named".split(
    " ",
  ),
);
/** What people do, and things less often. */
const humanVerbs = new Set([
  ...mindVerbs,
  ...`come came comes calls called brings brought went goes left arrived wrote writes sent sends gave gives bought buys made makes cooked bakes
  baked visited visits helped helps showed shows met lives works worked invited sang played plays laughed cried`.split(
    /\s+/u,
  ),
]);

/** The runs of a sentence that name people: all of a list, or none of it. */
function peopleIn(words: readonly TaggedWord[]): TaggedWord[][] {
  const names = namesIn(words);
  const isOne = names.map(
    (run) =>
      !tellsWhichThing(words, run) &&
      (run.some(({ tags }) => tags.has("Person")) || isUsedLikeAPerson(words, run)),
  );
  for (const [at, run] of names.entries()) {
    const next = names[at + 1];
    if (next !== undefined && areListed(words, run, next) && isOne[at] && mayBeOne(next))
      isOne[at + 1] = true;
  }
  for (const [at, run] of [...names.entries()].reverse()) {
    const before = names[at - 1];
    if (before !== undefined && areListed(words, before, run) && isOne[at] && mayBeOne(before))
      isOne[at - 1] = true;
  }
  return names.filter((_, at) => isOne[at]);
}

/** "the Johnson account" is an account. */
function tellsWhichThing(words: readonly TaggedWord[], run: readonly TaggedWord[]): boolean {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || last.after.trim() !== "") return false;
  const [before, next] = [words[words.indexOf(first) - 1], words[words.indexOf(last) + 1]];
  const isThing = next !== undefined && /^\p{Ll}/u.test(next.text) && isTopic(next);
  return isThing && before?.tags.has("Determiner") === true && !isPossessive(last);
}

/** A name of which nothing says that it is of a place or a company. */
function mayBeOne(run: readonly TaggedWord[]): boolean {
  return !run.some(({ tags }) => ["Place", "Organization", "Acronym"].some((tag) => tags.has(tag)));
}

/** `Anjali's`, "met Priya", "Lakshmi brought". */
function isUsedLikeAPerson(words: readonly TaggedWord[], run: readonly TaggedWord[]): boolean {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || !mayBeOne(run)) return false;
  const before = words[words.indexOf(first) - 1]?.text.toLowerCase() ?? "";
  const after = words[words.indexOf(last) + 1]?.text.toLowerCase() ?? "";
  const isName =
    run.length === 1 && last.mayBeName && !words[words.indexOf(first) - 1]?.tags.has("Determiner");
  return isName || isPossessive(last) || beforePeople.has(before) || humanVerbs.has(after);
}

/** "That's" stands for two words, and nothing is That's. */
const contracted =
  /^(?:that|this|it|he|she|who|what|where|when|why|how|there|here|let|one|some\w+|any\w+|every\w+|no(?:body|thing))['’]s$/iu;

const isPossessive = ({ text }: TaggedWord) => /['’]s$/u.test(text) && !contracted.test(text);

/** Nothing but a comma, or "and", stands between two names. */
function areListed(
  words: readonly TaggedWord[],
  one: readonly TaggedWord[],
  other: readonly TaggedWord[],
): boolean {
  const [end, start] = [one.at(-1), other[0]];
  if (end === undefined || start === undefined) return false;
  const between = words.slice(words.indexOf(end) + 1, words.indexOf(start));
  const joins = between.every(({ text, after }) => /^(?:and|or|&)$/iu.test(text) && after.trim() === "");
  return (
    between.length <= 1 &&
    joins &&
    /^\s*,?\s*$/u.test(end.after) &&
    (between.length > 0 || end.after.includes(","))
  );
}

/** A name that opens its sentence has something that only names have: it is somebody's, or one of a list. */
function opensAsAName(word: TaggedWord, words: readonly TaggedWord[]): boolean {
  if (isPossessive(word)) return true;
  const at = words.indexOf(word);
  const [next, more] = words.slice(at + 1);
  const isListed = (other: TaggedWord | undefined) =>
    other !== undefined &&
    /^\p{Lu}/u.test(other.text) &&
    ["ProperNoun", "Person"].some((tag) => other.tags.has(tag));
  const follows = (other: TaggedWord | undefined) => other?.text.toLowerCase() === "and";
  if (follows(next)) return isListed(more);
  // "Thanks, Caroline!" is no list.
  const isList = next !== undefined && (next.after.includes(",") || follows(more));
  return /^\s*,\s*$/u.test(word.after) && isListed(next) && isList;
}

function isName(word: TaggedWord, before: TaggedWord | undefined, words: readonly TaggedWord[]): boolean {
  const { text, tags } = word;
  if (!isWordLike(text) || noNameTags.some((tag) => tags.has(tag))) return false;
  if (kindTags.some((tag) => tags.has(tag))) return true;
  // A capital at the beginning of a sentence, or after the name of a speaker, does not make a word a name.
  const begins = before === undefined || before.after.includes(":");
  if (begins && actsLikeAPerson(word, words)) return true;
  return tags.has("ProperNoun") && (begins ? opensAsAName(word, words) : !namesADay(word, words));
}

/** "Happy New Year", "on Boxing Day": what stands before a day or a year with a capital is no name alone. */
function namesADay(word: TaggedWord, words: readonly TaggedWord[]): boolean {
  const next = words[words.indexOf(word) + 1];
  return word.after.trim() === "" && next?.tags.has("Duration") === true && /^\p{Lu}/u.test(next.text);
}

/**
 * A word that opens its sentence and does what only people do, without being known for something else: "Kwame expects". One that is a thing as well
 * is somebody where what follows is of a person: "Rose took her first steps".
 */
function actsLikeAPerson(word: TaggedWord, words: readonly TaggedWord[]): boolean {
  const rest = words.slice(words.indexOf(word) + 1);
  const isOne = word.tags.has("Singular") && !word.tags.has("Actor") && /^\p{Lu}\p{Ll}/u.test(word.text);
  if (!isOne || word.after.trim() !== "" || isVague(word.text.toLowerCase())) return false;
  const hasMind = mindVerbs.has(rest[0]?.text.toLowerCase() ?? "");
  if (!word.mayBeName) return hasMind && !word.isKnown;
  return (
    hasMind ||
    (rest[0]?.tags.has("Verb") === true && rest.some(({ text }) => personal.has(text.toLowerCase())))
  );
}

const personal = new Set(["her", "his", "she", "he", "herself", "himself"]);

function isTopic(word: TaggedWord): boolean {
  const { text, tags } = word;
  const other = nonTopicTags.some((tag) => tags.has(tag)) || kindTags.some((tag) => tags.has(tag));
  const isNone = [spokenNouns, nounLike, swearWords].some((words) => words.has(text.toLowerCase()));
  return tags.has("Noun") && !other && isWordLike(text) && !isNone;
}

/** In the singular or the plural. */
const isVague = (noun: string) => vagueNouns.has(noun) || vagueNouns.has(noun.replace(/s$/u, ""));

/** Only Latin script: the tagger takes words of any other script for nouns. Two letters are a word only as an abbreviation. */
function isWordLike(text: string): boolean {
  return /^(\p{Lu}{2}|\p{Script=Latin}[\p{Script=Latin}\p{N}\p{M}'’.&-]{2,})$/u.test(text);
}

function phrase(run: readonly TaggedWord[]): string {
  return run
    .map(({ text }) => text)
    .join(" ")
    .replace(/['’]s?$/u, "");
}

/** Most frequent first, then longest, then first seen. */
function byFrequency(phrases: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const each of phrases) counts.set(each, (counts.get(each) ?? 0) + 1);
  return Array.from(counts)
    .sort(([a, timesA], [b, timesB]) => timesB - timesA || wordCount(b) - wordCount(a))
    .map(([each]) => each);
}

function wordCount(text: string): number {
  return text.split(" ").length;
}
