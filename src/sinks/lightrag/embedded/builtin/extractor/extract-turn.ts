import type { ExtractedEntity, Extraction } from "../../models/models.ts";
import { dayName } from "./calendar.ts";
import { findMentions } from "./find-mentions.ts";
import { type Sentence, sentencesOf } from "./language.ts";
import type { Turn } from "./memory-text.ts";
import type { Mention, Situation } from "./mention.ts";
import { findNames } from "./named-things.ts";
import { type Link, relate, relateAnnotation } from "./relate.ts";

/** Longer sentences are cut for descriptions: a description is embedded and shown. */
const longestQuote = 300;
/** `[shared image: a dog on a beach]`: what a recorder notes about a memory, and nobody says. */
const annotation = /\[(?<label>[^[\]:]{1,40}): (?<content>[^[\]]+)\]/gu;

/** What one turn says. Every description quotes the sentence that it comes from, with who said it and when. */
export function extractTurn(turn: Turn, recordedOn: Date | null): Extraction {
  const sentences = sentencesOf(turn.text.replace(annotation, ""));
  const unaddressed: Situation = { speaker: turn.speaker, addressee: null, recordedOn };
  const situation = { ...unaddressed, addressee: addresseeOf(sentences, unaddressed) };
  const parts = [
    ...sentences.map((sentence) => extractSentence(sentence, situation)),
    ...[...turn.text.matchAll(annotation)].map((match) => extractAnnotation(match.groups ?? {}, situation)),
  ];
  return {
    entities: [...speakerEntity(turn, sentences, situation), ...parts.flatMap((part) => part.entities)],
    relations: parts.flatMap((part) => part.relations),
  };
}

/** The first person who is spoken to by name. */
function addresseeOf(sentences: readonly Sentence[], situation: Situation): string | null {
  for (const sentence of sentences) {
    const addressed = findNames(sentence, situation, () => true).find((mention) => mention.addressed);
    if (addressed !== undefined) return addressed.name;
  }
  return null;
}

function extractSentence(sentence: Sentence, situation: Situation): Extraction {
  const mentions = findMentions(sentence, situation);
  return described(mentions, relate(sentence, mentions, situation), attributed(sentence.text, situation));
}

function extractAnnotation(
  { label = "", content = "" }: Record<string, string | undefined>,
  situation: Situation,
): Extraction {
  const mentions = sentencesOf(content).flatMap((sentence) => findMentions(sentence, situation));
  const links = relateAnnotation(label, mentions, situation);
  return described(mentions, links, attributed(`${label}: ${content}`, situation));
}

function described(mentions: readonly Mention[], links: readonly Link[], description: string): Extraction {
  return {
    entities: mentions.map(({ name, type }) => ({ name, type, description })),
    relations: links.map((link) => ({ ...link, description })),
  };
}

/** The speaker is an entity of every memory, described by its longest sentence. */
function speakerEntity(turn: Turn, sentences: readonly Sentence[], situation: Situation): ExtractedEntity[] {
  if (turn.speaker === null) return [];
  const longest = sentences.reduce((best, { text }) => (text.length > best.length ? text : best), "");
  return [{ name: turn.speaker, type: "person", description: attributed(longest || turn.text, situation) }];
}

/** `Caroline, 8 May 2023: "I went to a support group."` */
function attributed(text: string, { speaker, recordedOn }: Situation): string {
  const source = [speaker, recordedOn && dayName(recordedOn)].filter(Boolean).join(", ");
  const cut = text.lastIndexOf(" ", longestQuote);
  const quote = text.length <= longestQuote ? text : `${text.slice(0, cut > 0 ? cut : longestQuote)} …`;
  return source === "" ? quote : `${source}: "${quote}"`;
}
