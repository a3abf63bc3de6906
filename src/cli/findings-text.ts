import { type MemorySource, memoryOfChunk, memoryOfFileSource } from "../json/memory-source-json.ts";
import type { Found } from "../knowledge/ask.ts";
import type { KnowledgeEntity, KnowledgeRelation } from "../lightrag/knowledge-reader.ts";
import { readMemoryDocument } from "../lightrag/memory-document.ts";
import { printable } from "./table.ts";

const longestLine = 160;
const namedSources = 3;

/** What a question found, for people: the answer if there is one, then memories, entities and relations with where they come from. */
export function foundText({ question, findings }: Found): string {
  const { answer, chunks, entities, relations } = findings;
  if (chunks.length + entities.length + relations.length === 0) return `Nothing was found for: ${question}`;
  return [
    ...(answer === null ? [] : [section("Answer", [printable(answer.text)])]),
    section(
      "Memories",
      chunks.map(
        (chunk) =>
          `${sourceLine(memoryOfChunk(chunk))}\n    ${shortened(readMemoryDocument(chunk.text)?.body ?? chunk.text)}`,
      ),
    ),
    section("Entities", entities.map(entityLine)),
    section("Relations", relations.map(relationLine)),
  ]
    .filter(Boolean)
    .join("\n\n");
}

export function entityLine(entity: KnowledgeEntity): string {
  return `${printable(entity.name)} (${entity.type}): ${shortened(entity.descriptions[0] ?? "")}${from(entity.fileSources)}`;
}

export function relationLine({ source, target, keywords, fileSources }: KnowledgeRelation): string {
  return `${printable(source)} – ${printable(target)}: ${shortened(keywords.join(", "))}${from(fileSources)}`;
}

export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function sourceLine(source: MemorySource): string {
  const facts = [
    source.memoryId ?? source.fileSource,
    source.recordedAt?.slice(0, 16).replace("T", " "),
    source.place,
  ];
  return facts
    .filter(Boolean)
    .map((fact) => printable(String(fact)))
    .join(" · ");
}

function from(fileSources: readonly string[]): string {
  const names = fileSources.slice(0, namedSources).map((name) => memoryOfFileSource(name).memoryId ?? name);
  const more = fileSources.length - names.length;
  return names.length === 0 ? "" : ` [${printable(names.join(", "))}${more > 0 ? ` and ${more} more` : ""}]`;
}

function shortened(text: string): string {
  const line = printable(text);
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}
