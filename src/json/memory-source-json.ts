import * as z from "zod";
import type { KnowledgeChunk } from "../lightrag/knowledge-reader.ts";
import { placeOf, readMemoryDocument, recordedAt } from "../lightrag/memory-document.ts";
import { parseFileSource } from "../transform/file-source.ts";
import { instantSchema, isoInstant } from "./run-json.ts";

/** Where something known comes from. All but the name is null for a document of another program, or for a later part of a long one. */
export const sourceSchema = z.strictObject({
  fileSource: z.string(),
  memoryId: z.string().nullable(),
  contextId: z.string().nullable(),
  recordedAt: instantSchema.nullable(),
  place: z.string().nullable(),
});

export type MemorySource = z.infer<typeof sourceSchema>;

/** Id and context come from the document's name, time and place from its header. */
export function memoryOfChunk({ text, fileSource }: KnowledgeChunk): MemorySource {
  const document = readMemoryDocument(text);
  const at = document && recordedAt(document);
  return {
    ...memoryOfFileSource(fileSource),
    recordedAt: at === null ? null : isoInstant(at),
    place: document && placeOf(document),
  };
}

export function memoryOfFileSource(fileSource: string): MemorySource {
  const ids = parseFileSource(fileSource);
  return {
    fileSource,
    memoryId: ids?.memoryId ?? null,
    contextId: ids?.contextId ?? null,
    recordedAt: null,
    place: null,
  };
}
