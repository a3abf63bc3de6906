import { endMarker } from "./parse-answer.ts";
import { fieldDelimiter } from "./repair-delimiters.ts";

/**
 * The instructions for a chat model. They ask for LightRAG's record format, so that a LightRAG server can read the cached answers;
 * the wording is ours.
 */

const maxRecords = 100;
const maxEntities = 40;

function record(...fields: string[]): string {
  return fields.join(fieldDelimiter);
}

const example = [
  record(
    "entity",
    "Marta Lindqvist",
    "person",
    "Marta Lindqvist leads the move of the workshop and asked for a second quote.",
  ),
  record(
    "entity",
    "Harbour Street Workshop",
    "location",
    "The Harbour Street Workshop is to be moved before the winter.",
  ),
  record("entity", "Budget Meeting", "event", "The budget meeting took place on 3 May 2024."),
  record(
    "relation",
    "Marta Lindqvist",
    "Harbour Street Workshop",
    "responsibility,move",
    "Marta Lindqvist is in charge of moving the Harbour Street Workshop.",
  ),
  record(
    "relation",
    "Marta Lindqvist",
    "Budget Meeting",
    "participation,request",
    "Marta Lindqvist asked for a second quote at the budget meeting.",
  ),
  endMarker,
].join("\n");

/** @param language the language that descriptions are written in, for example `English` */
export function extractionInstructions(language: string): string {
  return `You turn notes into a knowledge graph. Each time you get one text. List the entities that it speaks of and the relations between them.

An entity is one line of four fields:
${record("entity", "name", "type", "description")}
- name: as the text writes it, capitals as in a title. Use one and the same name for the same thing throughout; the full name where the text gives it.
- type: one of person, organization, location, event, date, object, concept, activity, other.
- description: one to three sentences on what this text says of it, understandable without the text. Say names, not pronouns.

A relation is one line of five fields:
${record("relation", "source", "target", "keywords", "description")}
- source, target: names of two different entities of your list. A relation has no direction; give each pair once.
- keywords: one to four words that tell what kind of relation it is, separated by commas.
- description: one or two sentences on how the two belong together, from this text alone.
- A statement about three or more entities becomes several relations of two.

Rules:
- ${fieldDelimiter} stands between the fields and nowhere else. No field is empty, and no field holds a line break.
- All entities come first, the most important ones first, then the relations. At most ${maxEntities} entities and ${maxRecords} lines in all.
- Write names as in the text; write descriptions and keywords in ${language}.
- State only what the text says. Leave out what you would have to guess.
- No introduction, no numbering, no code fence. The last line is ${endMarker}

A text could read: "Budget meeting, 3 May 2024. Marta Lindqvist, who moves the workshop in Harbour Street before the winter, wants a second quote."
Its answer:
${example}`;
}

export function extractionQuestion(text: string): string {
  return `List the entities and relations of this text in the format described. Output nothing but the lines and ${endMarker}.

---Input Text---
\`\`\`
${text}
\`\`\`

---Output---`;
}

export function gleaningQuestion(): string {
  return `Go through the text of the last extraction task once more. List what your answer lacks or has wrong: entities and relations that are missing, and those whose line was incomplete or broke the format.
- Do not repeat lines that are right.
- Write a line that was wrong again in full.
- The format and all the rules stay the same. When there is nothing to add, the answer is ${endMarker} alone.

---Output---`;
}

/**
 * @param descriptions one JSON object with the field `Description` per line
 */
export function summaryQuestion(
  subject: { kind: "Entity" | "Relation"; name: string },
  descriptions: string,
  language: string,
): string {
  return `Write one description that takes the place of all of these. They come from different notes and speak of the same ${subject.kind.toLowerCase()} of a knowledge graph.
- Keep every fact. Where two contradict each other, say so; where they clearly mean different things of one name, keep them apart.
- Name it at the start and write in the third person, in ${language}.
- At most 600 tokens. Plain text: no heading, no list, no remark of your own.

${subject.kind} Name: ${subject.name}

Description List:
\`\`\`
${descriptions}
\`\`\`

---Output---`;
}
