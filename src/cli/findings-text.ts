import { rowOfFileSource } from "../documents/file-source.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import { shortened } from "../kernel/util/text.ts";
import type { EntityJson, RelationJson } from "../operations/knowledge/knowledge-json.ts";
import type { QueryResult } from "../operations/knowledge/query-knowledge.ts";
import type { MemorySource } from "../operations/memories/memory-source-json.ts";
import { readMemoryDocument } from "../sinks/lightrag/memory-document.ts";
import { nearText } from "./near-text.ts";

const longestLine = 160;
const namedSources = 3;

/** The result of a question, for people: the answer if there is one, then memories, entities and relations with their sources. */
export function foundText({
  question,
  answer,
  chunks,
  entities,
  relations,
  near,
  note,
  sources,
}: QueryResult): string {
  const filter = [note ?? "", ...nearText(near)].filter(Boolean).join("\n");
  if (chunks.length + entities.length + relations.length === 0)
    return [`Nothing was found for: ${question}`, filter].filter(Boolean).join("\n\n");
  const times = new Map(sources.map(({ fileSource, local }) => [fileSource, local?.time]));
  return [
    ...(answer === null ? [] : [section("Answer", [printable(answer.text)])]),
    section(
      "Memories",
      chunks.map(
        ({ memory, text }) =>
          `${sourceLine(memory, times.get(memory.fileSource))}\n    ${lineOf(readMemoryDocument(text)?.body ?? text)}`,
      ),
    ),
    section("Entities", entities.map(entityLine)),
    section("Relations", relations.map(relationLine)),
    filter,
  ]
    .filter(Boolean)
    .join("\n\n");
}

export function entityLine(entity: EntityJson): string {
  return `${printable(entity.name)} (${entity.type})${saidOf(entity.descriptions)}${from(entity)}`;
}

export function relationLine(relation: RelationJson): string {
  const { source, target, keywords } = relation;
  return `${printable(source)} – ${printable(target)}${saidOf([keywords.join(", ")])}${from(relation)}`;
}

/** Nothing where LightRAG's words are left out. */
function saidOf([words = ""]: readonly string[]): string {
  return words === "" ? "" : `: ${lineOf(words)}`;
}

export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** `time`: by the clocks of its calendar, where the ledger knows the memory. */
function sourceLine(source: MemorySource, time = source.recordedAt): string {
  const fields = [namesOf(source).join(", "), time?.slice(0, 16).replace("T", " "), source.place];
  return fields
    .filter(Boolean)
    .map((fact) => printable(String(fact)))
    .join(" · ");
}

/** The memories of a document, or its name where they are not known. */
function namesOf({ memoryIds, fileSource }: MemorySource): readonly string[] {
  return memoryIds.length > 0 ? memoryIds : [fileSource];
}

/** The memories first, then the documents of other programs. */
function from({ memoryIds, fileSources }: Pick<EntityJson, "memoryIds" | "fileSources">): string {
  const foreign = fileSources.filter((name) => rowOfFileSource(name) === null);
  const all = [...memoryIds, ...foreign];
  const names = all.slice(0, namedSources);
  const more = all.length - names.length;
  return names.length === 0 ? "" : ` [${printable(names.join(", "))}${more > 0 ? ` and ${more} more` : ""}]`;
}

const lineOf = (text: string): string => shortened(printable(text), longestLine);
