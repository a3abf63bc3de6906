import { type MemorySource, memoryOfChunk, memoryOfFileSource } from "../json/memory-source-json.ts";
import type { Found } from "../knowledge/ask.ts";
import type { NotesByDocument } from "../knowledge/group-notes.ts";
import type { KnowledgeEntity, KnowledgeRelation } from "../lightrag/knowledge-reader.ts";
import { readMemoryDocument } from "../lightrag/memory-document.ts";
import { printable } from "../util/printable.ts";

const longestLine = 160;
const namedSources = 3;

/** What a question found, for people: the answer if there is one, then memories, entities and relations with where they come from. */
export function foundText({ question, findings, notes }: Found): string {
  const { answer, chunks, entities, relations } = findings;
  if (chunks.length + entities.length + relations.length === 0) return `Nothing was found for: ${question}`;
  return [
    ...(answer === null ? [] : [section("Answer", [printable(answer.text)])]),
    section(
      "Memories",
      chunks.map(
        (chunk) =>
          `${sourceLine(memoryOfChunk(chunk, notes))}\n    ${shortened(readMemoryDocument(chunk.text)?.body ?? chunk.text)}`,
      ),
    ),
    section(
      "Entities",
      entities.map((entity) => entityLine(entity, notes)),
    ),
    section(
      "Relations",
      relations.map((relation) => relationLine(relation, notes)),
    ),
  ]
    .filter(Boolean)
    .join("\n\n");
}

export function entityLine(entity: KnowledgeEntity, notes: NotesByDocument): string {
  return `${printable(entity.name)} (${entity.type}): ${shortened(entity.descriptions[0] ?? "")}${from(entity.fileSources, notes)}`;
}

export function relationLine(relation: KnowledgeRelation, notes: NotesByDocument): string {
  const { source, target, keywords, fileSources } = relation;
  return `${printable(source)} – ${printable(target)}: ${shortened(keywords.join(", "))}${from(fileSources, notes)}`;
}

export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function sourceLine(source: MemorySource): string {
  const facts = [namesOf(source).join(", "), source.recordedAt?.slice(0, 16).replace("T", " "), source.place];
  return facts
    .filter(Boolean)
    .map((fact) => printable(String(fact)))
    .join(" · ");
}

/** The memories of a document, or its name where they are not known. */
export function namesOf({ memoryIds, fileSource }: MemorySource): readonly string[] {
  return memoryIds.length > 0 ? memoryIds : [fileSource];
}

function from(fileSources: readonly string[], notes: NotesByDocument): string {
  const all = fileSources.flatMap((name) => namesOf(memoryOfFileSource(name, notes)));
  const names = all.slice(0, namedSources);
  const more = all.length - names.length;
  return names.length === 0 ? "" : ` [${printable(names.join(", "))}${more > 0 ? ` and ${more} more` : ""}]`;
}

function shortened(text: string): string {
  const line = printable(text);
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}
