import { languageOf } from "../../../../../kernel/language/language-of.ts";
import type { ExtractedEntity, ExtractedRelation, Extraction, ExtractionModel } from "../../models/models.ts";
import { dayName } from "./calendar.ts";
import { findMentions } from "./find-mentions.ts";
import { kindOfKnownName, type Sentence, sentencesOf, tagsAlone } from "./language.ts";
import { extractCertain } from "./languages/extract-certain.ts";
import { type MemoryText, readMemoryText, type Turn } from "./memory-text.ts";
import type { Mention, Situation } from "./mention.ts";
import { findNames } from "./named-things.ts";
import { type Link, relate, relateAnnotation } from "./relate.ts";

/**
 * The offline extractor: people, places, organisations, dates, titles and topics of a memory, and relations from the sentences that
 * connect them. Rules over tagged words; the same chunk gives the same extraction.
 */
export function createBuiltinExtractor(): ExtractionModel {
  return {
    id: "builtin:rules-v1",
    async extract(chunkText, signal) {
      signal.throwIfAborted();
      const memory = readMemoryText(chunkText);
      // A turn of two words is in the language of the talk.
      const usual = await languageOf(memory.turns.map(({ text }) => text).join("\n"));
      const turns = memory.turns.map(async (turn) =>
        extractTurn(turn, memory.recordedOn, await languageOf(turn.text, usual)),
      );
      return withHeader(memory, await Promise.all(turns));
    },
  };
}

function withHeader(memory: MemoryText, turns: readonly Extraction[]): Extraction {
  return compact({
    entities: [...turns.flatMap((turn) => turn.entities), ...headerEntities(memory, turns)],
    relations: [...turns.flatMap((turn) => turn.relations), ...placeRelations(memory, turns)],
  });
}

/** The place and the tags of a memory, described by its first words: the graph has no entity without a description. */
function headerEntities(
  { place, around, tags }: MemoryText,
  turns: readonly Extraction[],
): ExtractedEntity[] {
  const description = firstEntity(turns)?.description;
  if (description === undefined) return [];
  const places = [place, around]
    .filter((name) => name !== null)
    .map((name) => ({ name, type: "location", description }));
  const said = new Set(turns.flatMap(({ entities }) => entities.map(({ name }) => name.toLowerCase())));
  const own = tags.filter((tag) => !said.has(tag.toLowerCase())).map(taggedThing);
  return [...places, ...own.map((thing) => ({ ...thing, description }))];
}

/** A tag is a topic in lower case, unless it is a name that is widely known: that of a person or a place. */
function taggedThing(tag: string): Pick<ExtractedEntity, "name" | "type"> {
  const lower = tag.toLowerCase();
  const known = lower.includes(" ") ? kindOfKnownName(lower) : kindOfKnownWord(lower);
  return known === undefined || lower === tag ? { name: lower, type: "concept" } : { name: tag, type: known };
}

function kindOfKnownWord(lower: string): "person" | "location" | undefined {
  const tags = tagsAlone(lower);
  if (!tags.has("ProperNoun")) return undefined;
  return tags.has("FirstName") ? "person" : tags.has("Place") ? "location" : undefined;
}

/** Whoever asks for Lisbon means its districts too. */
function placeRelations({ place, around }: MemoryText, turns: readonly Extraction[]): ExtractedRelation[] {
  const first = firstEntity(turns);
  if (place === null || first === undefined) return [];
  const { name, description } = first;
  const recorded = { source: name, target: place, keywords: "recorded in", description };
  const wider = around === null ? [] : [{ source: place, target: around, keywords: "part of", description }];
  return [recorded, ...wider].filter(({ source, target }) => source !== target);
}

function firstEntity(turns: readonly Extraction[]): ExtractedEntity | undefined {
  return turns.flatMap((turn) => turn.entities)[0];
}

/** Removes duplicates: equal entities are dropped, and the keywords of a pair from one sentence are joined. */
function compact({ entities, relations }: Extraction): Extraction {
  const said = new Map(entities.map((entity) => [`${entity.name}\n${entity.description}`, entity]));
  const joined = new Map<string, (typeof relations)[number]>();
  for (const relation of relations) {
    const pair = [relation.source, relation.target].sort().join("\n");
    const key = `${pair}\n${relation.description}`;
    const known = joined.get(key);
    const keywords = [...(known?.keywords.split(", ") ?? []), ...relation.keywords.split(", ")];
    joined.set(key, { ...(known ?? relation), keywords: [...new Set(keywords)].join(", ") });
  }
  return { entities: [...said.values()], relations: [...joined.values()] };
}

/** Longer sentences are cut for descriptions: a description is embedded and shown. */
const longestQuote = 300;
/** `[shared image: a dog on a beach]`: an annotation by the recorder, not spoken text. */
const annotation = /\[(?<label>[^[\]:]{1,40}): (?<content>[^[\]]+)\]/gu;

/** Extracts one turn. Every description quotes the sentence that it comes from, with its speaker and date. */
function extractTurn(turn: Turn, recordedOn: Date | null, language: string | null): Extraction {
  const unaddressed: Situation = { speaker: turn.speaker, addressee: null, recordedOn };
  if (language !== null && language !== "en") return extractForeignTurn(turn, language, unaddressed);
  const sentences = sentencesOf(turn.text.replace(annotation, ""));
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

/** In a language whose grammar the rules do not know: no topics, no addressee. */
function extractForeignTurn({ speaker, text }: Turn, language: string, situation: Situation): Extraction {
  const quote = (sentence: string) => attributed(sentence, situation);
  const { entities, relations } = extractCertain(text, language, situation, quote);
  const spoken = speaker === null ? [] : [{ name: speaker, type: "person", description: quote(text) }];
  return { entities: [...spoken, ...entities], relations };
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
