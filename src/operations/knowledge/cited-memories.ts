import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { shortened } from "../../kernel/util/text.ts";
import type { Findings, KnowledgeChunk } from "../../sinks/lightrag/knowledge-reader.ts";
import { readMemoryDocuments } from "../../sinks/lightrag/memory-document.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { memoriesOfDocuments } from "../memories/document-memories.ts";
import { localJson, localSchema } from "../memories/ledger-entry.ts";
import { type MemorySource, memoryOfChunk, memoryOfFileSource } from "../memories/memory-source-json.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import type { NotesByDocument } from "./group-notes.ts";

const longestSnippet = 240;

export const citedMemorySchema = z.strictObject({
  memoryId: z.string(),
  contextId: z.string(),
  connectorId: z.string().nullable().describe("null where no ledger knows the memory"),
  recordedAt: instantSchema.nullable(),
  local: localSchema,
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

/** Each connector with the zone whose clocks are shown of its memories. */
type Calendar = Pick<ConnectorConfig, "id" | "timezone">;

/** All with one zone where one is asked for. */
export function calendarsOf(connectors: readonly Calendar[], timezone: string | undefined): Calendar[] {
  return connectors.map((each) => ({ id: each.id, timezone: timezone ?? each.timezone }));
}

/** The memories that an answer rests on; without an answer, those of the chunks. In their order, each once. */
export async function citedMemories(
  ledger: Pick<StateManager, "getRows" | "getGroup">,
  connectors: readonly Calendar[],
  { chunks, answer }: Pick<Findings, "chunks" | "answer">,
  notes: NotesByDocument,
): Promise<CitedMemory[]> {
  const names = [...new Set(answer?.fileSources ?? chunks.map(({ fileSource }) => fileSource))];
  const cited = names.flatMap((name) => memoriesIn(name, chunks, notes));
  const known = await Promise.all(connectors.map(({ id }) => memoriesOfDocuments(ledger, id, names)));
  const rowOf = ({ fileSource, memoryId }: Cited) =>
    known.flatMap((rows) => rows.get(fileSource) ?? []).find((row) => row.memoryId === memoryId);
  const zones = new Map(connectors.map(({ id, timezone }) => [id, timezone]));
  return cited.map((memory) => {
    const row = rowOf(memory);
    return citedJson(memory, row, zones.get(row?.connectorId ?? "") ?? connectors[0]?.timezone ?? "UTC");
  });
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

function citedJson({ chunk, ...memory }: Cited, row: LedgerRow | undefined, timeZone: string): CitedMemory {
  const { memoryId, contextId, fileSource } = memory;
  const place = row?.facets.place.join(", ") || memory.place;
  const { recordedAt } = memory;
  const at = row?.memoryCreatedAt ?? (recordedAt === null ? null : Date.parse(recordedAt));
  const parts = row && [row.connectorId, contextId, memoryId].map(encodeURIComponent);
  return {
    memoryId,
    contextId,
    connectorId: row?.connectorId ?? null,
    recordedAt: at === null ? null : isoInstant(at),
    local: localJson(at, timeZone),
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
    documents.length === 0
      ? chunk.text
      : documents.find((one) => (one.memoryId ?? memoryId) === memoryId)?.body;
  return words?.replaceAll(/\s+/gu, " ").trim();
}
