import { Option } from "commander";
import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { getEntity } from "../../operations/knowledge/get-entity.ts";
import { exportGraph, graphSummary } from "../../operations/knowledge/graph.ts";
import type { EntityJson, RelationJson } from "../../operations/knowledge/knowledge-json.ts";
import { memoryEntities } from "../../operations/memories/memory-entities.ts";
import type { OperationContext } from "../../operations/operation-context.ts";
import { writeGraphMl } from "../../sinks/lightrag/embedded/storage/graph-ml-writer.ts";
import type { CommandResult, CommandSpec } from "../command.ts";
import { entityLine, relationLine, section } from "../findings-text.ts";
import { moreText, most } from "../in-pages.ts";
import { renderTable } from "../lay-out.ts";
import { contextOf } from "../operation-command.ts";
import { configOption, connectorOption, wholeNumber } from "../options.ts";
import { withApp } from "../with-app.ts";

interface GraphOptions {
  connectorId?: string;
  top: number;
  entity?: string;
  limit?: number;
  after?: string;
  memory?: string;
  export?: "graphml" | "json";
}

export const graphCommand: CommandSpec = {
  name: "graph",
  summary: "Show what is in the graph: counts, top entities, one entity, or all of it as a file",
  options: [
    configOption(),
    connectorOption("the graph of this connector's LightRAG"),
    new Option("--top <n>", "how many top entities").argParser(wholeNumber(1, 10_000)).default(15),
    new Option("--entity <name>", "one entity with its relations and memories").conflicts([
      "memory",
      "export",
      "top",
    ]),
    new Option("--limit <n>", "with --entity: how many of each list at most; 50 without it")
      .argParser(wholeNumber(1, most))
      .conflicts(["memory", "export", "top"]),
    new Option("--after <cursor>", "with --entity: go on from the `next` of an earlier answer").conflicts([
      "memory",
      "export",
      "top",
    ]),
    new Option(
      "--memory <id>",
      "the entities that a memory speaks of; needs --connector-id when contexts are several",
    ).conflicts(["export", "top"]),
    new Option("--export <format>", "print the whole graph").choices(["graphml", "json"]).conflicts("top"),
  ],
  examples: [
    "graph",
    "graph --entity Ines",
    "graph --memory m-123",
    "graph --export graphml > memories.graphml",
  ],
  json: z.union([graphSummary.output, getEntity.output, memoryEntities.output, exportGraph.output]),
  operations: [graphSummary, getEntity, memoryEntities, exportGraph],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, (app) =>
      show(contextOf(app, context), input.options as unknown as GraphOptions),
    ),
};

async function show(context: OperationContext, options: GraphOptions): Promise<CommandResult> {
  const { connectorId, entity, memory, top, limit, after, export: format } = options;
  if (entity !== undefined)
    return showEntity(context, { connectorId, name: entity, limit: limit ?? 50, after });
  if (limit !== undefined || after !== undefined) {
    throw new ConnectorError("USAGE", "only the lists of one entity are paged", {
      subject: limit === undefined ? "--after" : "--limit",
      hint: "add --entity and its name",
    });
  }
  if (memory !== undefined) return showMemory(context, { connectorId, memoryId: memory });
  if (format !== undefined) return showAll(context, { connectorId }, format);
  return showSummary(context, { connectorId, top });
}

async function showEntity(...call: Parameters<typeof getEntity.run>): Promise<CommandResult> {
  const json = await getEntity.run(...call);
  const { entity, relations, memories, note } = json;
  const sections = [
    section("What is said of it", entity.descriptions),
    section("Relations", relations.map(relationLine)),
    section(
      "Memories",
      memories.map(({ memoryId, fileSource }) => memoryId ?? fileSource),
    ),
  ];
  const parts = [`${entity.name} (${entity.type})`, ...sections, note, ...moreText(json.next)];
  return { json, text: parts.filter(Boolean).join("\n\n") };
}

async function showMemory(...call: Parameters<typeof memoryEntities.run>): Promise<CommandResult> {
  const json = await memoryEntities.run(...call);
  const { memoryId, entities } = json;
  const text =
    entities.length === 0
      ? `${printable(memoryId)}: ${nothingFoundText(json)}`
      : section(memoryId, entities.map(entityLine));
  return { json, text };
}

/** Deliveries are known even if the graph is not. */
function nothingFoundText({ delivered, complete }: { delivered: boolean; complete: boolean }): string {
  if (!delivered) return "not delivered yet; the graph holds nothing of it";
  return complete
    ? "delivered; the model found nothing in it"
    : "delivered; LightRAG shows a part of its graph only, and nothing of the memory is in that part";
}

async function showSummary(...call: Parameters<typeof graphSummary.run>): Promise<CommandResult> {
  const json = await graphSummary.run(...call);
  const counts = `${plural(json.entities, "entity", "entities")}, ${plural(json.relations, "relation")}`;
  const rows = json.top.map(({ name, type, relations, documents }) => [
    name,
    type,
    String(relations),
    String(documents),
  ]);
  const table = renderTable(["ENTITY", "TYPE", "RELATIONS", "MEMORIES"], rows);
  const counted = `${counts}${json.complete ? "" : " (the server shows only a part)"}`;
  return { json, text: [counted, table, json.note].filter(Boolean).join("\n\n") };
}

async function showAll(
  context: OperationContext,
  input: { connectorId: string | undefined },
  format: "graphml" | "json",
): Promise<CommandResult> {
  const json = await exportGraph.run(context, input);
  const text = format === "graphml" ? await graphMl(json) : JSON.stringify(json, null, 2);
  return { json, text, isDocument: true };
}

/** The graph as GraphML, with LightRAG's attribute names and its separator between the values of a list. */
async function graphMl(graph: {
  entities: readonly EntityJson[];
  relations: readonly RelationJson[];
}): Promise<string> {
  const pieces: string[] = [];
  const out = {
    write: async (text: string) => {
      pieces.push(text);
    },
  };
  const written = { nodes: () => graph.entities.map(node), edges: () => graph.relations.map(edge) };
  await writeGraphMl(written, out);
  return pieces.join("").trimEnd();
}

const separator = "<SEP>";

function node({ name, type, descriptions, fileSources }: EntityJson) {
  const attributes = {
    entity_id: name,
    entity_type: type,
    description: descriptions.join(separator),
    file_path: fileSources.join(separator),
  };
  return { name, attributes };
}

function edge({ source, target, keywords, descriptions, weight, fileSources }: RelationJson) {
  const attributes = {
    weight,
    keywords: keywords.join(","),
    description: descriptions.join(separator),
    file_path: fileSources.join(separator),
  };
  return { source, target, attributes };
}
