import * as z from "zod";
import { rowOfFileSource } from "../../documents/file-source.ts";
import { type LedgerRow, ledgerStatuses } from "../../domain/ledger-row.ts";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { memoryOfFileSource, sourceSchema } from "../memories/memory-source-json.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { isoInstant } from "../runs/run-json.ts";
import { textOf } from "../texts.ts";
import { entityView } from "./entity-view.ts";
import type { NotesByDocument } from "./group-notes.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";

const memorySchema = sourceSchema
  .extend({
    documentId: z.string().nullable(),
    status: z.enum(ledgerStatuses).nullable(),
  })
  .describe("what no ledger knows is null; notes that share a document are listed one by one");

export const getEntity = operation({
  name: "entity.get",
  tag: "Knowledge",
  summary: "Show an entity with its relations, chunks, documents and memories",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField.optional(),
    name: textOf(500).describe("exact, percent-encoded"),
  }),
  output: z.strictObject({
    entity: entitySchema,
    relations: z.array(relationSchema).describe("those said most often first"),
    chunkIds: z.array(z.string()).describe("oldest first"),
    memories: z.array(memorySchema),
    complete: z.boolean().describe("false when the server shows only a part"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "ENTITY_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, name }) => {
    const groups = services.groupNotes(connectorId);
    const view = await services.withKnowledge(connectorId, signal, (knowledge) =>
      entityView(knowledge, name, signal),
    );
    const { entity, relations, chunkIds, complete } = view;
    const notes = await groups.notesIn([entity, ...relations].flatMap(({ fileSources }) => fileSources));
    const rows = await rowsOf(services, connectorId, entity.fileSources);
    return {
      entity: entityJson(entity, notes),
      relations: relations.map((relation) => relationJson(relation, notes)),
      chunkIds: [...chunkIds],
      memories: entity.fileSources.flatMap((document) => memoriesOf(document, notes, rows.get(document))),
      complete,
    };
  },
});

function memoriesOf(
  fileSource: string,
  notes: NotesByDocument,
  row: LedgerRow | undefined,
): z.infer<typeof memorySchema>[] {
  const known = {
    ...memoryOfFileSource(fileSource, notes),
    documentId: row?.documentId ?? null,
    recordedAt: row?.memoryCreatedAt == null ? null : isoInstant(row.memoryCreatedAt),
    status: row?.status ?? null,
  };
  const ids: readonly (string | null)[] = known.memoryIds.length === 0 ? [null] : known.memoryIds;
  return ids.map((memoryId) => ({ ...known, memoryId }));
}

/** The ledger's rows of these documents, by the documents' names; of the first connector that knows one. */
async function rowsOf(
  services: Services,
  connectorId: string | undefined,
  fileSources: readonly string[],
): Promise<Map<string, LedgerRow>> {
  const owners = fileSources.flatMap((name) => rowOfFileSource(name) ?? []);
  // No ledger holds an id that is not well-formed.
  const possible = owners.filter(({ contextId, memoryId }) => `${contextId}${memoryId}`.isWellFormed());
  const byContext = Map.groupBy(possible, ({ contextId }) => contextId);
  const asked = connectorsOf(services, connectorId);
  const found = await Promise.all(
    asked.flatMap(({ id }) =>
      Array.from(byContext, ([contextId, ids]) =>
        services.state.getRows(
          { connectorId: id, contextId },
          ids.map(({ memoryId }) => memoryId),
        ),
      ),
    ),
  );
  const rows = found.flatMap((each) => [...each.values()]);
  return new Map(rows.toReversed().map((row) => [row.fileSource, row] as const));
}
