import * as z from "zod";
import { parseFileSource, rowOfFileSource } from "../../documents/file-source.ts";
import type { KnowledgeChunk } from "../../sinks/lightrag/knowledge-reader.ts";
import { readMemoryDocuments } from "../../sinks/lightrag/memory-document.ts";
import type { NotesByDocument } from "../knowledge/group-notes.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";

/**
 * The memory behind a result. For a document of another program everything but the name is null or empty; for a later chunk of a
 * long one, time and place are null.
 */
export const sourceSchema = z.strictObject({
  fileSource: z.string(),
  memoryId: z.string().nullable().describe("null for a document that holds several notes"),
  memoryIds: z.array(z.string()).describe("the memory, or the notes that share the document"),
  contextId: z.string().nullable(),
  recordedAt: instantSchema.nullable(),
  place: z.string().nullable(),
});

export type MemorySource = z.infer<typeof sourceSchema>;

/**
 * Id and context come from the document's name, time and place from its header. For a merged document, the notes in the chunk, or
 * else all of its notes.
 */
export function memoryOfChunk({ text, fileSource }: KnowledgeChunk, notes: NotesByDocument): MemorySource {
  const documents = readMemoryDocuments(text);
  const [first = null] = documents;
  const source = memoryOfFileSource(fileSource, notes);
  const at = first?.recordedAt ?? null;
  const named = documents.flatMap(({ memoryId }) => memoryId ?? []);
  const shown = named.filter((id) => source.memoryIds.includes(id));
  return {
    ...source,
    memoryIds: shown.length > 0 ? shown : source.memoryIds,
    recordedAt: at === null ? null : isoInstant(at),
    place: first?.place ?? null,
  };
}

export function memoryOfFileSource(fileSource: string, notes: NotesByDocument): MemorySource {
  const memoryId = parseFileSource(fileSource)?.memoryId ?? null;
  return {
    fileSource,
    memoryId,
    memoryIds: memoryId === null ? [...(notes.get(fileSource) ?? [])] : [memoryId],
    contextId: rowOfFileSource(fileSource)?.contextId ?? null,
    recordedAt: null,
    place: null,
  };
}
