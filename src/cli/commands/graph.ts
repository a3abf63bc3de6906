import { Option } from "commander";
import * as z from "zod";
import { ConnectorError } from "../../errors/connector-error.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "../../json/knowledge-json.ts";
import { memoryOfFileSource, sourceSchema } from "../../json/memory-source-json.ts";
import { countSchema } from "../../json/run-json.ts";
import { entityView } from "../../knowledge/entity-view.ts";
import type { GroupNotes } from "../../knowledge/group-notes.ts";
import type { KnowledgeGraph, KnowledgeReader } from "../../lightrag/knowledge-reader.ts";
import { printable } from "../../util/printable.ts";
import { plural } from "../../util/readable.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { entityLine, namesOf, relationLine, section } from "../findings-text.ts";
import { graphMl } from "../graph-ml.ts";
import { wholeNumber } from "../option-values.ts";
import { renderTable } from "../table.ts";
import { withApp } from "../with-app.ts";

const summarySchema = z.strictObject({
  entities: countSchema,
  relations: countSchema,
  complete: z.boolean().describe("false when the server shows only a part"),
  top: z.array(
    z.strictObject({ name: z.string(), type: z.string(), relations: countSchema, documents: countSchema }),
  ),
});

export const graphCommand: CommandSpec = {
  name: "graph",
  summary: "Show what is in the graph: counts, top entities, one entity, or all of it as a file",
  options: [
    configOption(),
    connectorOption("the graph of this connector's LightRAG"),
    new Option("--top <n>", "how many top entities").argParser(wholeNumber(1, 10_000)).default(15),
    new Option("--entity <name>", "one entity with its relations and memories"),
    new Option(
      "--memory <id>",
      "the entities that a memory speaks of; needs --connector-id when contexts are several",
    ),
    new Option("--export <format>", "print the whole graph").choices(["graphml", "json"]),
  ],
  examples: [
    "graph",
    "graph --entity Ines",
    "graph --memory m-123",
    "graph --export graphml > memories.graphml",
  ],
  json: z.union([
    summarySchema,
    z.strictObject({
      entity: entitySchema,
      relations: z.array(relationSchema),
      memories: z.array(sourceSchema),
      complete: z.boolean(),
    }),
    z.strictObject({ memoryId: z.string(), entities: z.array(entitySchema), complete: z.boolean() }),
    z.strictObject({
      entities: z.array(entitySchema),
      relations: z.array(relationSchema),
      complete: z.boolean(),
    }),
  ]),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { connectorId: id } = input.options as Record<string, string | undefined>;
      const connectors = id === undefined ? app.config.connectors : [app.connector(id)];
      const contextIds = connectors.flatMap((each) => each.contextIds);
      const groups = app.groupNotes(id);
      return app.withKnowledge(id, context.io.signal, (knowledge) =>
        show({ knowledge, groups }, contextIds, input, context),
      );
    }),
};

interface Readers {
  knowledge: KnowledgeReader;
  groups: GroupNotes;
}

async function show(
  readers: Readers,
  contextIds: readonly string[],
  input: CommandInput,
  context: CommandContext,
): Promise<CommandResult> {
  const { entity, memory, export: format } = input.options as Record<string, string | undefined>;
  if (entity !== undefined) return showEntity(readers, entity, context);
  if (memory !== undefined) return showMemory(readers, memory, contextIds, context);
  const graph = await readers.knowledge.graph(context.io.signal);
  return format === undefined ? summary(graph, input) : await exported(graph, format);
}

async function showEntity(
  { knowledge, groups }: Readers,
  name: string,
  { io }: CommandContext,
): Promise<CommandResult> {
  const view = await entityView(knowledge, name, io.signal);
  const { entity, relations } = view;
  const notes = await groups.notesIn([entity, ...relations].flatMap(({ fileSources }) => fileSources));
  const memories = entity.fileSources.map((name) => memoryOfFileSource(name, notes));
  return {
    json: {
      entity: entityJson(view.entity),
      relations: view.relations.map(relationJson),
      memories,
      complete: view.complete,
    },
    text: [
      `${view.entity.name} (${view.entity.type})`,
      section("What is said of it", view.entity.descriptions),
      section(
        "Relations",
        relations.map((relation) => relationLine(relation, notes)),
      ),
      section("Memories", memories.flatMap(namesOf)),
    ]
      .filter(Boolean)
      .join("\n\n"),
  };
}

async function showMemory(
  { knowledge, groups }: Readers,
  memoryId: string,
  contextIds: readonly string[],
  { io }: CommandContext,
): Promise<CommandResult> {
  for (const contextId of contextIds) {
    const fileSource = await groups.documentOf(contextId, memoryId);
    const { entities, complete } = await knowledge.entitiesOf(fileSource, io.signal);
    if (entities.length === 0) {
      if (await groups.isDelivered(contextId, memoryId)) return nothingFoundIn(memoryId, complete);
      continue;
    }
    const notes = await groups.notesIn(entities.flatMap(({ fileSources }) => fileSources));
    return {
      json: { memoryId, entities: entities.map(entityJson), complete },
      text: section(
        memoryId,
        entities.map((entity) => entityLine(entity, notes)),
      ),
    };
  }
  throw new ConnectorError("MEMORY_UNKNOWN", `the graph holds nothing of a memory "${memoryId}"`, {
    subject: memoryId,
  });
}

/** What is delivered is known, even if the graph is not. */
function nothingFoundIn(memoryId: string, complete: boolean): CommandResult {
  const why = complete
    ? "the model found nothing in it"
    : "LightRAG shows a part of its graph only, and nothing of the memory is in that part";
  return { json: { memoryId, entities: [], complete }, text: `${printable(memoryId)}: delivered; ${why}` };
}

function summary(graph: KnowledgeGraph, input: CommandInput): CommandResult {
  const top = topEntities(graph, Number(input.options.top));
  const counts = `${plural(graph.entities.length, "entity", "entities")}, ${plural(graph.relations.length, "relation")}`;
  const rows = top.map(({ name, type, relations, documents }) => [
    name,
    type,
    String(relations),
    String(documents),
  ]);
  return {
    json: {
      entities: graph.entities.length,
      relations: graph.relations.length,
      complete: graph.complete,
      top,
    },
    text: `${counts}${graph.complete ? "" : " (the server shows only a part)"}\n\n${renderTable(["ENTITY", "TYPE", "RELATIONS", "MEMORIES"], rows)}`,
  };
}

/** By the number of their relations, then of the documents that speak of them, then by name. */
export function topEntities(graph: KnowledgeGraph, count: number) {
  const degrees = new Map<string, number>();
  for (const { source, target } of graph.relations) {
    for (const name of [source, target]) degrees.set(name, (degrees.get(name) ?? 0) + 1);
  }
  return graph.entities
    .map(({ name, type, fileSources }) => ({
      name,
      type,
      relations: degrees.get(name) ?? 0,
      documents: fileSources.length,
    }))
    .toSorted((a, b) => b.relations - a.relations || b.documents - a.documents || (a.name < b.name ? -1 : 1))
    .slice(0, count);
}

async function exported(graph: KnowledgeGraph, format: string): Promise<CommandResult> {
  const json = {
    entities: graph.entities.map(entityJson),
    relations: graph.relations.map(relationJson),
    complete: graph.complete,
  };
  const text = format === "graphml" ? await graphMl(graph) : JSON.stringify(json, null, 2);
  return { json, text, isDocument: true };
}
