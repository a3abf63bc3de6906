/** A word with the tags of the language library. */
export interface TaggedWord {
  /** As written, without the punctuation around it. */
  text: string;
  /** What follows it up to the next word. */
  after: string;
  tags: ReadonlySet<string>;
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
/** Nouns that say nothing about a text. */
const stopNouns = new Set(
  (
    "thing things something anything everything nothing someone anyone everyone somebody everybody nobody stuff lot lots bit " +
    "kind sort way ways time times moment moments day days one ones guy guys people person part rest yes no ok okay hey hi " +
    "hello bye thanks thank wow oh haha lol please sure do all best need look others key gonna"
  ).split(" "),
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
  const names = sentences.flatMap((words) => runs(words, isName));
  const people = names.filter((run) => run.some(({ tags }) => tags.has("Person")));
  const others = names.filter((run) => !people.includes(run));
  const topics = sentences.flatMap((words) => runs(words, isTopic));
  return {
    people: people.map(phrase),
    others: others.map(phrase),
    keywords: byFrequency(topics.map((run) => phrase(run.slice(-maxKeywordWords)).toLowerCase())),
  };
}

type Fits = (word: TaggedWord, before: TaggedWord | undefined) => boolean;

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

function isName(word: TaggedWord, before: TaggedWord | undefined): boolean {
  const { text, tags } = word;
  if (!isWordLike(text) || noNameTags.some((tag) => tags.has(tag))) return false;
  if (kindTags.some((tag) => tags.has(tag))) return true;
  // A capital at the beginning of a sentence, or after the name of a speaker, does not make a word a name.
  const begins = before === undefined || before.after.includes(":");
  return tags.has("ProperNoun") && !begins;
}

function isTopic(word: TaggedWord): boolean {
  const { text, tags } = word;
  const other = nonTopicTags.some((tag) => tags.has(tag)) || kindTags.some((tag) => tags.has(tag));
  return tags.has("Noun") && !other && isWordLike(text) && !stopNouns.has(text.toLowerCase());
}

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
