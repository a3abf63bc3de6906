import * as z from "zod";
import { rowOfFileSource } from "../../documents/file-source.ts";
import { type LedgerRow, ledgerStatuses } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { EntityView, KnowledgeReader, Stretch } from "../../sinks/lightrag/knowledge-reader.ts";
import { entityCursor } from "../../state/cursor.ts";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField, pageEnd, pageQuery, textOf } from "../fields.ts";
import { memoryOfFileSource, sourceSchema } from "../memories/memory-source-json.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { isoInstant } from "../runs/run-json.ts";
import type { NotesByDocument } from "./group-notes.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";
import { sharingFields, sharingOf } from "./shared-graph.ts";

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
  details:
    "Page by page: each has the next of every list, until all are at their end. What is said of the entity is on each.",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField.optional(),
    name: textOf(500).describe("exact; in a path percent-encoded, `~~` before `.` and `..`"),
    ...pageQuery,
    limit: pageQuery.limit.describe("how many relations, chunks and documents at most, of each"),
  }),
  output: z.strictObject({
    entity: entitySchema.describe("its documents and memories are those of this page"),
    relations: z.array(relationSchema).describe("those said most often first"),
    chunkIds: z.array(z.string()).describe("oldest first"),
    memories: z.array(memorySchema),
    counts: z
      .strictObject({ relations: z.int(), chunks: z.int() })
      .describe("how many there are on all pages"),
    complete: z.boolean().describe("false when the server shows only a part"),
    ...sharingFields,
    ...pageEnd,
  }),
  errors: ["CONNECTOR_UNKNOWN", "ENTITY_UNKNOWN", "STATE_CURSOR_INVALID", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, name, limit, after }) => {
    const stretch = { from: entityCursor.decode(after)?.from ?? 0, limit };
    const groups = services.groupNotes(connectorId);
    const view = await services.withKnowledge(connectorId, signal, (knowledge) =>
      entityView(knowledge, { name, stretch }, signal),
    );
    const { entity, relations, chunkIds, counts, hasMore, complete } = view;
    const notes = await groups.notesIn([entity, ...relations].flatMap(({ fileSources }) => fileSources));
    const rows = await rowsOf(services, connectorId, entity.fileSources);
    return {
      entity: entityJson(entity, notes),
      relations: relations.map((relation) => relationJson(relation, notes)),
      chunkIds: [...chunkIds],
      memories: entity.fileSources.flatMap((document) => memoriesOf(document, notes, rows.get(document))),
      counts,
      complete,
      next: hasMore ? entityCursor.encode({ from: stretch.from + limit }) : null,
      ...(await sharingOf(services, connectorId)),
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

/** The ledger rows of these documents, by document name; from the first connector that has one. */
async function rowsOf(
  services: Services,
  connectorId: string | undefined,
  fileSources: readonly string[],
): Promise<Map<string, LedgerRow>> {
  const owners = fileSources.flatMap((name) => rowOfFileSource(name) ?? []);
  // A malformed id cannot be in a ledger.
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

const suggestions = 5;

/** An entity by its exact name. Throws `ENTITY_UNKNOWN` with similar names. */
async function entityView(
  knowledge: KnowledgeReader,
  { name, stretch }: { name: string; stretch: Stretch },
  signal: AbortSignal,
): Promise<EntityView> {
  const view = await knowledge.entity(name, signal, stretch);
  if (view !== null) return view;
  const close = await knowledge.findNames(name, suggestions, signal);
  throw new ConnectorError("ENTITY_UNKNOWN", `the graph has no entity "${name}"`, {
    subject: name,
    ...(close.length === 0 ? {} : { hint: `there are: ${close.join(", ")}` }),
  });
}

export const findEntities = operation({
  name: "entity.find",
  tag: "Knowledge",
  summary: "Find entities by a part of their names, the likeliest first",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField.optional(),
    contains: textOf(500).describe("upper and lower case alike"),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("how many at most"),
  }),
  output: z.strictObject({ names: z.array(z.string()), ...sharingFields }),
  errors: ["CONNECTOR_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, contains, limit }) => {
    const names = await services.withKnowledge(connectorId, signal, (knowledge) =>
      knowledge.findNames(contains, limit, signal),
    );
    return { names, ...(await sharingOf(services, connectorId)) };
  },
});
