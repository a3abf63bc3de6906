import type { Extraction } from "../../../models/models.ts";
import type { Situation } from "../mention.ts";
import { findCertain } from "./find-certain.ts";
import { findDatesIn } from "./find-dates.ts";
import type { Found } from "./reading.ts";

/** A full stop of an abbreviation ("Dr. Hoffmann") ends no sentence. */
const sentence = /(?:[^.!?…。！？\n]|(?<=(?:^|[\s(])\p{L}{1,4})\.(?=\s\p{Lu})|\.(?=\S))+[.!?…。！？]*/gu;

/**
 * What the sentences of a text in another language name for certain, and that they name it together: each is related to the speaker, else to the
 * first person, else to the first thing of its sentence. Days are counted from `recordedOn`. `attributed` makes a sentence a description.
 */
export function extractCertain(
  text: string,
  language: string,
  { speaker, recordedOn }: Pick<Situation, "speaker" | "recordedOn">,
  attributed: (sentence: string) => string,
): Extraction {
  const parts = (text.match(sentence) ?? []).map((each) => {
    const description = attributed(each.trim());
    const found = foundIn(each, language, recordedOn);
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

/** What stands in a date is nothing else. */
function foundIn(text: string, language: string, recordedOn: Date | null): Found[] {
  const dates = findDatesIn(text, language, recordedOn).map((date) => ({ ...date, type: "date" as const }));
  const isFree = ({ start, end }: Found) => dates.every((date) => end <= date.start || date.end <= start);
  return [...findCertain(text, language).filter(isFree), ...dates];
}

function linksOf(found: readonly Found[], speaker: string | null) {
  const source = speaker ?? (found.find(({ type }) => type === "person") ?? found[0])?.name;
  if (source === undefined) return [];
  return found
    .filter(({ name }) => name !== source)
    .map(({ name, type }) => ({ source, target: name, keywords: type === "person" ? "person" : name }));
}
