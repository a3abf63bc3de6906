import type { ExtractedRelation } from "../../models/models.ts";
import { infinitiveOf, type Sentence, type Word } from "./language.ts";
import type { Mention, Situation } from "./mention.ts";
import { bareWord } from "./names.ts";

const firstPerson: ReadonlySet<string> = new Set(["i", "we", "my", "our", "me", "us", "myself"]);
const secondPerson: ReadonlySet<string> = new Set(["you", "your"]);
/** Verbs that connect without saying how. */
const emptyVerbs: ReadonlySet<string> = new Set([
  "be",
  "do",
  "have",
  "get",
  "go",
  "let",
  "will",
  "can",
  "may",
  "might",
]);

/** A pair of entities and the keywords of their relation; the sentence becomes the description. */
export type Link = Pick<ExtractedRelation, "source" | "target" | "keywords">;

/**
 * The relations between the mentions of a sentence: each is related to the current subject of the sentence (the speaker for "I",
 * the person spoken to for "you", else the person last named, else the first mention), and to the mention directly before it when
 * only a preposition separates them. Keywords come from the verb, and from the nouns themselves.
 */
export function relate(sentence: Sentence, mentions: readonly Mention[], situation: Situation): Link[] {
  return mentions.flatMap((mention, i) => [
    ...subjectLink(sentence, mentions, mention, situation),
    ...neighbourLink(sentence, mentions[i - 1], mention),
  ]);
}

function subjectLink(
  sentence: Sentence,
  mentions: readonly Mention[],
  mention: Mention,
  situation: Situation,
): Link[] {
  const subject = subjectOf(sentence, mentions, mention, situation);
  if (subject === null || subject.name === mention.name) return [];
  const keywords = mention.addressed ? "conversation" : keywordsOf(sentence, subject.at, mention);
  return [{ source: subject.name, target: mention.name, keywords }];
}

/** The mentions of an annotation are related to the speaker, or without one to the first mention. */
export function relateAnnotation(
  label: string,
  mentions: readonly Mention[],
  { speaker }: Situation,
): Link[] {
  const source = speaker ?? mentions[0]?.name;
  if (source === undefined) return [];
  return mentions
    .filter((mention) => mention.name !== source)
    .map((mention) => ({ source, target: mention.name, keywords: unique([label, topicWord(mention)]) }));
}

/** The acting person, and the index of the word that names them (-1 when the sentence does not). */
interface Subject {
  name: string;
  at: number;
}

function subjectOf(
  { words }: Sentence,
  mentions: readonly Mention[],
  mention: Mention,
  situation: Situation,
): Subject | null {
  const speaker = situation.speaker === null ? null : { name: situation.speaker, at: -1 };
  if (mention.addressed) return speaker;
  for (let at = mention.first - 1; at >= 0; at--) {
    const name = pronounSubject(words[at], situation) ?? personAt(mentions, at);
    if (name !== null) return { name, at };
  }
  return speaker ?? mainMention(mentions);
}

function pronounSubject(word: Word | undefined, { speaker, addressee }: Situation): string | null {
  const lower = word === undefined ? "" : bareWord(word);
  if (firstPerson.has(lower)) return speaker;
  return secondPerson.has(lower) ? addressee : null;
}

function personAt(mentions: readonly Mention[], at: number): string | null {
  const person = mentions.find((other) => other.last === at && other.type === "person" && !other.addressed);
  return person?.name ?? null;
}

function mainMention(mentions: readonly Mention[]): Subject | null {
  const main = mentions.find((other) => other.type === "person") ?? mentions[0];
  return main === undefined ? null : { name: main.name, at: -1 };
}

function keywordsOf({ words, text }: Sentence, subjectAt: number, mention: Mention): string {
  if (text.endsWith("?")) return unique(["question", topicWord(mention)]);
  const verbs = verbsIn(words, subjectAt + 1, mention.first);
  const acts = verbs.length > 0 ? verbs : verbsIn(words, 0, mention.first);
  const telling = acts.filter((verb) => !emptyVerbs.has(verb));
  return unique([...(telling.length > 0 ? telling.slice(-2) : acts.slice(-1)), topicWord(mention)]);
}

/** The verbs from one word up to another: `see`, and `not see` for "did not see" and "never saw". */
function verbsIn(words: readonly Word[], first: number, end: number): string[] {
  return words.slice(first, end).flatMap((word, at) => {
    if (!isFullVerb(word)) return [];
    const before = words.slice(Math.max(0, first + at - denialReach), first + at);
    return `${before.some(({ lower }) => denial.test(lower)) ? "not " : ""}${infinitiveOf(word.lower)}`;
  });
}

/** "did not really see" */
const denialReach = 2;
const denial = /n't$|^(?:not|never|nobody|cannot)$/u;

function isFullVerb(word: Word): boolean {
  return (
    word.tags.has("Verb") &&
    !["Auxiliary", "Modal", "Copula", "Particle"].some((tag) => word.tags.has(tag)) &&
    !word.lower.includes("'")
  );
}

/** The keyword that a mention adds to its relation: for a person or a day their type, not their name. */
function topicWord(mention: Mention): string {
  return mention.type === "person" || mention.type === "date" ? mention.type : mention.name;
}

function unique(keywords: readonly string[]): string {
  return [...new Set(keywords)].join(", ");
}

/** "gift from my grandma", "a book about Lisbon". */
function neighbourLink({ words }: Sentence, before: Mention | undefined, mention: Mention): Link[] {
  if (before === undefined || before.name === mention.name || before.addressed || mention.addressed)
    return [];
  const between = words.slice(before.last + 1, mention.first);
  const joins = between[0]?.tags.has("Preposition") === true && between.every(isSmall);
  if (!joins && mention.type !== "date") return [];
  return [
    { source: before.name, target: mention.name, keywords: unique([topicWord(before), topicWord(mention)]) },
  ];
}

function isSmall(word: Word): boolean {
  return ["Preposition", "Determiner", "Possessive", "Adjective", "Pronoun"].some((tag) =>
    word.tags.has(tag),
  );
}
