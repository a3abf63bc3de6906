import * as z from "zod";
import type { DocumentChunk } from "../../sinks/lightrag/knowledge-reader.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { knowledgeErrors } from "../error-groups.ts";
import type { NotesByDocument } from "../knowledge/group-notes.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { countSchema } from "../runs/run-json.ts";
import { findRow, memoryNameFields } from "./memory-rows.ts";
import { memoryOfChunk, memoryOfFileSource } from "./memory-source-json.ts";

const chunkSchema = z.strictObject({
  id: z.string(),
  order: countSchema.nullable().describe("from 0"),
  tokens: countSchema.nullable(),
  text: z.string().nullable(),
  memoryIds: z
    .array(z.string())
    .describe("whose words are in it: more than one where notes share a document"),
  entities: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  relations: z.array(
    z.strictObject({ source: z.string(), target: z.string(), keywords: z.array(z.string()) }),
  ),
});

export const memoryChunks = operation({
  name: "memory.chunks",
  tag: "Knowledge",
  summary: "List the chunks that LightRAG made of a memory, with what it found in each",
  details:
    "In direct mode all of them with their texts. A LightRAG server has no way to ask for chunks: those are listed that its graph names, without " +
    "their texts, and `note` says so.",
  access: "viewer",
  input: z.strictObject(memoryNameFields),
  output: z.strictObject({
    memoryId: z.string(),
    fileSource: z.string().describe("the document's name"),
    chunks: z.array(chunkSchema),
    delivered: z.boolean().describe("LightRAG has processed its document"),
    complete: z.boolean().describe("false when some may be missing"),
    note: z.string().nullable().describe("what is missing, or why there is none"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, name) => {
    const { whyNotHeld } = await import("./document-text.ts");
    const row = await findRow(services, name);
    const { connectorId, contextId, memoryId } = row;
    const groups = services.groupNotes(connectorId);
    const fileSource = await groups.documentOf(contextId, memoryId);
    const { chunks, isTold, complete } = await services.withKnowledge(connectorId, signal, (knowledge) =>
      knowledge.chunksOf(fileSource, signal),
    );
    const notes = await groups.notesIn([fileSource]);
    const document = row.groupKey === null ? row : await rowOfGroup(services, row, row.groupKey);
    return {
      ...{ memoryId, fileSource },
      chunks: chunks.map((chunk) => chunkJson(chunk, fileSource, notes)),
      delivered: document?.status === "processed",
      complete: complete && isTold,
      note:
        (document === undefined ? null : await whyNotHeld(services, document)) ?? (isTold ? null : untold),
    };
  },
});

async function rowOfGroup({ state }: Services, scope: LedgerScope, groupKey: string) {
  return (await state.getRows(scope, [groupKey])).get(groupKey);
}

const untold =
  "this LightRAG server does not tell the texts of chunks, and names only those in which it found something";

function chunkJson(
  { id, order, tokens, text, entities, relations }: DocumentChunk,
  fileSource: string,
  notes: NotesByDocument,
): z.input<typeof chunkSchema> {
  const { memoryIds } =
    text === null ? memoryOfFileSource(fileSource, notes) : memoryOfChunk({ id, text, fileSource }, notes);
  return {
    ...{ id, order, tokens, text, memoryIds: [...memoryIds] },
    entities: entities.map(({ name, type }) => ({ name, type })),
    relations: relations.map(({ source, target, keywords }) => ({ source, target, keywords: [...keywords] })),
  };
}
