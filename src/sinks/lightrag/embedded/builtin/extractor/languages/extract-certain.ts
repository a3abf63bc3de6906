import type { Extraction } from "../../../models/models.ts";
import { findCertain } from "./find-certain.ts";
import type { Found } from "./reading.ts";

/** A full stop of an abbreviation ("Dr. Hoffmann") ends no sentence. */
const sentence = /(?:[^.!?…。！？\n]|(?<=(?:^|[\s(])\p{L}{1,4})\.(?=\s\p{Lu})|\.(?=\S))+[.!?…。！？]*/gu;

/**
 * What the sentences of a text in another language name for certain, and that they name it together: each is related to the speaker, else to the
 * first person, else to the first thing of its sentence. `attributed` makes a sentence a description.
 */
export function extractCertain(
  text: string,
  language: string,
  speaker: string | null,
  attributed: (sentence: string) => string,
): Extraction {
  const parts = (text.match(sentence) ?? []).map((each) => {
    const description = attributed(each.trim());
    const found = findCertain(each, language);
    return {
      entities: found.map(({ name, type }) => ({ name, type, description })),
      relations: linksOf(found, speaker).map((link) => ({ ...link, description })),
    };
  });
  return {
    entities: parts.flatMap(({ entities }) => entities),
    relations: parts.flatMap(({ relations }) => relations),
  };
}

function linksOf(found: readonly Found[], speaker: string | null) {
  const source = speaker ?? (found.find(({ type }) => type === "person") ?? found[0])?.name;
  if (source === undefined) return [];
  return found
    .filter(({ name }) => name !== source)
    .map(({ name, type }) => ({ source, target: name, keywords: type === "person" ? "person" : name }));
}
