import * as z from "zod";
import { plural } from "../../kernel/util/readable.ts";
import { type Findings, queryModes } from "../../sinks/lightrag/knowledge-reader.ts";
import { whyNothingIsKnown } from "../connectors/why-nothing-is-known.ts";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField, textOf } from "../fields.ts";
import { filtersThatLeaveNothing } from "../memories/filters-that-leave-nothing.ts";
import { memoryFilterFields, memoryQueries } from "../memories/memory-filter.ts";
import { memoryOfChunk, sourceSchema } from "../memories/memory-source-json.ts";
import { findNear, type Near, nearCompanion, nearJson, nearSchema } from "../memories/near.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { calendarsOf, citedMemories, citedMemorySchema } from "./cited-memories.ts";
import type { NotesByDocument } from "./group-notes.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";
import { MemoryScope } from "./memory-scope.ts";
import { noteOnFilter } from "./note-on-filter.ts";
import { deliveringTo, sharingFields, sharingOf } from "./shared-graph.ts";

const { since, until, timezone, near, radiusKm, person, tag, place } = memoryFilterFields;

const input = z.strictObject({
  question: textOf(10_000)
    .refine((question) => question.trim() !== "", { error: "must have a word" })
    .describe("in plain words"),
  mode: z.enum(queryModes).default("mix").describe("how to look"),
  topK: z.int().min(1).max(1000).default(10).describe("how many entities, relations and chunks at most"),
  connectorId: connectorIdField
    .optional()
    .describe("ask the LightRAG of this connector; otherwise the one of the configuration"),
  ...{ since, until, timezone, near, radiusKm, person, tag, place },
});

/** The result of a question, each list best first. */
const queryResultSchema = z.strictObject({
  question: z.string(),
  mode: z.enum(queryModes),
  answer: z
    .strictObject({ text: z.string(), fileSources: z.array(z.string()) })
    .nullable()
    .describe("null without a chat model, and when nothing was found"),
  sources: z
    .array(citedMemorySchema)
    .describe(
      "the memories that the answer rests on, most used first; without an answer, those of the chunks",
    ),
  entities: z.array(entitySchema),
  relations: z.array(relationSchema),
  chunks: z.array(z.strictObject({ id: z.string(), text: z.string(), memory: sourceSchema })),
  near: nearSchema,
  note: z
    .string()
    .nullable()
    .describe(
      "what a filter did to the search; without one, who else delivers to the graph of the connector; where nothing was found, why; otherwise null",
    ),
  sharedWith: sharingFields.sharedWith,
});

export type QueryResult = z.infer<typeof queryResultSchema>;

export const queryKnowledge = operation({
  name: "knowledge.query",
  tag: "Knowledge",
  summary: "Ask the graph: entities, relations and memories that bear on a question",
  details:
    "Each thing found names the memory that it comes from. An answer in words is given when a chat model is set (in mode `api`: the " +
    "server's). Works while a sync runs. With `since`, `until`, `near`, `person`, `tag` or `place` the answer is given from the memories that pass, " +
    "and from nothing else; `note` says how they were found.",
  access: "viewer",
  input,
  companions: [nearCompanion],
  output: queryResultSchema,
  errors: ["CONNECTOR_UNKNOWN", "PLACE_UNKNOWN", "QUESTION_TOO_SHORT", ...knowledgeErrors],
  run: async (context, asked) => {
    const circle = await findNear(asked);
    const scope = scopeOf(context, asked, circle);
    const isVain = scope !== undefined && (await scope.isEmpty(context.signal));
    const findings = isVain ? nothing : await find(context, asked, scope);
    const vain = isVain ? await unmetOf(context, asked, circle) : null;
    return resultOf(context, asked, { findings, scope, vain, near: circle });
  },
});

type Asked = z.output<typeof input>;
type Context = OperationContext;

const nothing: Findings = {
  keywords: { high: [], low: [] },
  entities: [],
  relations: [],
  chunks: [],
  answer: null,
};

/** The memories that pass the filter; undefined without one. */
function scopeOf({ services }: Context, asked: Asked, circle: Near | undefined): MemoryScope | undefined {
  const filter = filterOf(asked);
  if (circle === undefined && Object.values(filter).every((value) => value === undefined)) return undefined;
  const connectors = connectorsOf(services, asked.connectorId);
  const queries = memoryQueries(connectors, { ...filter, timezone: asked.timezone }, circle);
  return new MemoryScope(services.state, queries);
}

const filterOf = ({ since, until, person, tag, place }: Asked) => ({ since, until, person, tag, place });

async function unmetOf({ services, signal }: Context, asked: Asked, near: Near | undefined): Promise<string> {
  const connectors = connectorsOf(services, asked.connectorId);
  const filter = { ...filterOf(asked), timezone: asked.timezone };
  const unmet = await filtersThatLeaveNothing(services.state, { connectors, filter, near }, signal);
  return unmet ?? "The ledger knows no memory that passes the filter.";
}

function find(
  { services, signal }: Context,
  asked: Asked,
  within: MemoryScope | undefined,
): Promise<Findings> {
  const { question, mode, topK, connectorId } = asked;
  const query = { question, mode, topK, chunkTopK: topK, answer: true, within };
  return services.withKnowledge(connectorId, signal, (knowledge) => knowledge.query(query, signal));
}

interface Found {
  findings: Findings;
  scope: MemoryScope | undefined;
  /** Where no memory passes the filter, what of it leaves none. */
  vain: string | null;
  near: Near | undefined;
}

async function resultOf(
  context: Context,
  asked: Asked,
  { findings, scope, vain, near: circle }: Found,
): Promise<QueryResult> {
  const { services } = context;
  const { answer, entities, relations, chunks } = findings;
  const connectors = connectorsOf(services, asked.connectorId);
  const notes = await notesOf(context, asked, findings, scope);
  const sharing = await sharingOf(services, asked.connectorId);
  return {
    question: asked.question,
    mode: asked.mode,
    answer: answer && { text: answer.text, fileSources: [...answer.fileSources] },
    sources: await citedMemories(services.state, calendarsOf(connectors, asked.timezone), findings, notes),
    entities: entities.map((entity) => entityJson(entity, notes)),
    relations: relations.map((relation) => relationJson(relation, notes)),
    chunks: chunks.map((chunk) => ({ id: chunk.id, text: chunk.text, memory: memoryOfChunk(chunk, notes) })),
    near: nearJson(circle),
    note:
      scope === undefined
        ? await noteWithoutFilter(context, asked, sharing, findings)
        : noteOnFilter(asked, findings, { connectors, vain }),
    sharedWith: sharing.sharedWith,
  };
}

/** Whose what was found may be; where nothing was found, why. */
async function noteWithoutFilter(
  { services }: Context,
  { connectorId }: Asked,
  sharing: Awaited<ReturnType<typeof sharingOf>>,
  { chunks, entities, relations }: Findings,
): Promise<string | null> {
  if (chunks.length + entities.length + relations.length > 0) return sharing.note;
  const { lightrag } = connectorId === undefined ? services.config : services.connector(connectorId);
  const connectors = deliveringTo(services, lightrag);
  const counts = await Promise.all(connectors.map(({ id }) => services.state.countRows(id)));
  const held = counts.reduce((sum, { processed }) => sum + processed, 0);
  if (held > 0)
    return `Nothing in the graph bears on these words. It has ${plural(held, "document")} of memories: ask with words of theirs, or in another mode.`;
  const why = await whyNothingIsKnown(services.state, connectors);
  return `Nothing was delivered to this graph yet. ${why ?? "Memories are known, and none has arrived."}`;
}

/** The notes of the merged documents among the findings, with a filter only those that pass. */
async function notesOf(
  { services, signal }: Context,
  { connectorId }: Asked,
  { chunks, entities, relations, answer }: Findings,
  scope: MemoryScope | undefined,
): Promise<NotesByDocument> {
  const names = [
    ...chunks.map(({ fileSource }) => fileSource),
    ...[...entities, ...relations].flatMap(({ fileSources }) => fileSources),
    ...(answer?.fileSources ?? []),
  ];
  const notes = await services.groupNotes(connectorId).notesIn(names);
  if (scope === undefined) return notes;
  const within = await scope.among(notes.keys(), signal);
  return new Map(
    Array.from(notes, ([name, ids]) => {
      const part = within.get(name);
      return [name, ids.filter((id) => part === "whole" || part?.has(id) === true)] as const;
    }),
  );
}
