import * as z from "zod";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { shortened } from "../../kernel/util/text.ts";
import type { Findings, KnowledgeChunk } from "../../sinks/lightrag/knowledge-reader.ts";
import { readMemoryDocuments } from "../../sinks/lightrag/memory-document.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { memoriesOfDocuments } from "../memories/document-memories.ts";
import { type MemorySource, memoryOfChunk, memoryOfFileSource } from "../memories/memory-source-json.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import type { NotesByDocument } from "./group-notes.ts";

const longestSnippet = 240;

export const citedMemorySchema = z.strictObject({
  memoryId: z.string(),
  contextId: z.string(),
  connectorId: z.string().nullable().describe("null where no ledger knows the memory"),
  recordedAt: instantSchema.nullable(),
  location: z.strictObject({ lat: z.number(), lon: z.number() }).nullable(),
  place: z.string().nullable(),
  snippet: z.string().describe("the beginning of its words, as far as they were found or are kept"),
  fileSource: z.string().describe("its document"),
  page: z
    .string()
    .nullable()
    .describe("its page: `memories/<connector>/<context>/<memory>`, percent-encoded"),
});

type CitedMemory = z.infer<typeof citedMemorySchema>;

/** A memory of a document that was cited, and the chunk that it was found in. */
interface Cited extends Pick<MemorySource, "fileSource" | "recordedAt" | "place"> {
  memoryId: string;
  contextId: string;
  chunk: KnowledgeChunk | undefined;
}

/** The memories that an answer rests on; without an answer, those of the chunks. In their order, each once. */
export async function citedMemories(
  ledger: Pick<StateManager, "getRows" | "getGroup">,
  connectorIds: readonly string[],
  { chunks, answer }: Pick<Findings, "chunks" | "answer">,
  notes: NotesByDocument,
): Promise<CitedMemory[]> {
  const names = [...new Set(answer?.fileSources ?? chunks.map(({ fileSource }) => fileSource))];
  const cited = names.flatMap((name) => memoriesIn(name, chunks, notes));
  const known = await Promise.all(connectorIds.map((id) => memoriesOfDocuments(ledger, id, names)));
  const rowOf = ({ fileSource, memoryId }: Cited) =>
    known.flatMap((rows) => rows.get(fileSource) ?? []).find((row) => row.memoryId === memoryId);
  return cited.map((memory) => citedJson(memory, rowOf(memory)));
}

function memoriesIn(fileSource: string, chunks: readonly KnowledgeChunk[], notes: NotesByDocument): Cited[] {
  const own = chunks.filter((chunk) => chunk.fileSource === fileSource);
  const found = new Map<string, Cited>();
  for (const chunk of [...own, undefined]) {
    if (chunk === undefined && found.size > 0) break;
    const source = chunk === undefined ? memoryOfFileSource(fileSource, notes) : memoryOfChunk(chunk, notes);
    const { contextId, recordedAt, place } = source;
    for (const memoryId of source.memoryIds)
      if (contextId !== null && !found.has(memoryId))
        found.set(memoryId, { fileSource, memoryId, contextId, recordedAt, place, chunk });
  }
  return [...found.values()];
}

function citedJson({ chunk, ...memory }: Cited, row: LedgerRow | undefined): CitedMemory {
  const { memoryId, contextId, fileSource } = memory;
  const place = row?.facets.place.join(", ") || memory.place;
  const at = row?.memoryCreatedAt ?? null;
  const parts = row && [row.connectorId, contextId, memoryId].map(encodeURIComponent);
  return {
    memoryId,
    contextId,
    connectorId: row?.connectorId ?? null,
    recordedAt: at === null ? memory.recordedAt : isoInstant(at),
    location: row?.location ?? null,
    place,
    snippet: shortened(wordsOf(memoryId, chunk) ?? row?.text ?? "", longestSnippet),
    fileSource,
    page: parts === undefined ? null : ["memories", ...parts].join("/"),
  };
}

/** What a chunk has of the words of a memory; of a later part of a long one, all of it. */
function wordsOf(memoryId: string, chunk: KnowledgeChunk | undefined): string | undefined {
  if (chunk === undefined) return undefined;
  const documents = readMemoryDocuments(chunk.text);
  const words =
    documents.length === 0 ? chunk.text : documents.find((one) => one.memoryId === memoryId)?.body;
  return words?.replaceAll(/\s+/gu, " ").trim();
}
