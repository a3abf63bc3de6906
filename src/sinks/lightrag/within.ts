import type {
  DocumentsWithin,
  KnowledgeChunk,
  KnowledgeEntity,
  KnowledgeRelation,
} from "./knowledge-reader.ts";
import { withNotes } from "./memory-document.ts";

/** What of a chunk's text lies within; null for nothing. */
export function textWithin(
  { text, fileSource }: Pick<KnowledgeChunk, "text" | "fileSource">,
  documents: DocumentsWithin,
): string | null {
  const part = documents.get(fileSource);
  if (part === undefined) return null;
  return part === "whole" ? text : withNotes(text, part);
}

/** An entity by the documents within; null where none of them names it. */
export function entityWithin(entity: KnowledgeEntity, documents: DocumentsWithin): KnowledgeEntity | null {
  const { fileSources, isWhole } = sourcesWithin(entity, documents);
  if (fileSources.length === 0) return null;
  return { ...entity, fileSources, isCut: false, descriptions: isWhole ? entity.descriptions : [] };
}

/** A relation by the documents within; null where none of them names it. */
export function relationWithin(
  relation: KnowledgeRelation,
  documents: DocumentsWithin,
): KnowledgeRelation | null {
  const { fileSources, isWhole } = sourcesWithin(relation, documents);
  if (fileSources.length === 0) return null;
  if (isWhole) return relation;
  return {
    ...relation,
    fileSources,
    isCut: false,
    descriptions: [],
    keywords: [],
    weight: fileSources.length,
  };
}

/** LightRAG merges what documents say of a thing, so its words are within only if all of its documents are. */
function sourcesWithin(
  { fileSources, isCut }: Pick<KnowledgeEntity, "fileSources" | "isCut">,
  documents: DocumentsWithin,
): { fileSources: string[]; isWhole: boolean } {
  const isWhole = !isCut && fileSources.every((name) => documents.get(name) === "whole");
  return { fileSources: fileSources.filter((name) => documents.has(name)), isWhole };
}
