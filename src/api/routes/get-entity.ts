import * as z from "zod";
import { entityJson, entitySchema, relationJson, relationSchema } from "../../json/knowledge-json.ts";
import { memoryOfFileSource } from "../../json/memory-source-json.ts";
import { instantSchema, isoInstant } from "../../json/run-json.ts";
import { entityView } from "../../knowledge/entity-view.ts";
import type { GroupNotes } from "../../knowledge/group-notes.ts";
import { knowledgeErrors } from "../../operations/error-groups.ts";
import { textOf } from "../../operations/texts.ts";
import { type LedgerRow, ledgerStatuses } from "../../state/ledger-row.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { rowOfFileSource } from "../../transform/file-source.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

const memory = z
  .strictObject({
    fileSource: z.string().describe("the document's name in LightRAG"),
    memoryId: z.string().nullable().describe("notes that share a document are listed one by one"),
    contextId: z.string().nullable(),
    documentId: z.string().nullable(),
    recordedAt: instantSchema.nullable(),
    status: z.enum(ledgerStatuses).nullable(),
  })
  .describe("what the connector's ledger does not know is null");

export const getEntity = route({
  method: "GET",
  path: "/connectors/{id}/entities/{name}",
  access: "viewer",
  tag: "Knowledge",
  summary: "Show an entity with its relations, chunks, documents and memories",
  params: connectorId.extend({ name: textOf(500).describe("exact, percent-encoded") }),
  status: 200,
  answer: z.strictObject({
    entity: entitySchema,
    relations: z.array(relationSchema).describe("those said most often first"),
    chunkIds: z.array(z.string()).describe("oldest first"),
    memories: z.array(memory),
    complete: z.boolean().describe("false when the server shows only a part"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "ENTITY_UNKNOWN", ...knowledgeErrors],
  handle: async ({ params: { id, name }, signal }, { app }) => {
    const view = await app.withKnowledge(id, signal, (knowledge) => entityView(knowledge, name, signal));
    return {
      body: {
        entity: entityJson(view.entity),
        relations: view.relations.map(relationJson),
        chunkIds: [...view.chunkIds],
        memories: await memoriesOf(app.state, id, view.entity.fileSources, app.groupNotes(id)),
        complete: view.complete,
      },
    };
  },
});

async function memoriesOf(
  state: StateManager,
  id: string,
  fileSources: readonly string[],
  groups: GroupNotes,
): Promise<z.infer<typeof memory>[]> {
  const notes = await groups.notesIn(fileSources);
  const rows = await rowsOf(state, id, fileSources);
  return fileSources.flatMap((fileSource) => {
    const { memoryIds, contextId } = memoryOfFileSource(fileSource, notes);
    const row = rows.get(fileSource);
    const known = {
      fileSource,
      contextId,
      documentId: row?.documentId ?? null,
      recordedAt: row?.memoryCreatedAt == null ? null : isoInstant(row.memoryCreatedAt),
      status: row?.status ?? null,
    };
    const ids: readonly (string | null)[] = memoryIds.length === 0 ? [null] : memoryIds;
    return ids.map((memoryId) => ({ ...known, memoryId }));
  });
}

/** The ledger's rows of these documents, by the documents' names. */
async function rowsOf(
  state: StateManager,
  id: string,
  fileSources: readonly string[],
): Promise<Map<string, LedgerRow>> {
  const owners = fileSources.flatMap((name) => rowOfFileSource(name) ?? []);
  // No ledger holds an id that is not well-formed.
  const possible = owners.filter(({ contextId, memoryId }) => `${contextId}${memoryId}`.isWellFormed());
  const found = await Promise.all(
    Array.from(
      Map.groupBy(possible, ({ contextId }) => contextId),
      ([contextId, ids]) =>
        state.getRows(
          { connectorId: id, contextId },
          ids.map(({ memoryId }) => memoryId),
        ),
    ),
  );
  return new Map(found.flatMap((rows) => [...rows.values()].map((row) => [row.fileSource, row] as const)));
}
