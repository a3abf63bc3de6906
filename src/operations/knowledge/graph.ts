import * as z from "zod";
import type { KnowledgeGraph } from "../../sinks/lightrag/knowledge-reader.ts";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";
import { sharingFields, sharingOf } from "./shared-graph.ts";

const topEntity = z.strictObject({
  name: z.string(),
  type: z.string(),
  relations: countSchema,
  documents: countSchema,
});

export const graphSummary = operation({
  name: "graph.summary",
  tag: "Knowledge",
  summary: "Count what is in the graph, and name what most is said of",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField.optional().describe("the graph of this connector's LightRAG"),
    top: z.coerce.number().int().min(1).max(10_000).default(15).describe("how many entities"),
  }),
  output: z.strictObject({
    entities: countSchema,
    relations: countSchema,
    documents: countSchema.describe("that something in it comes from"),
    complete: z.boolean().describe("false when the server shows only a part"),
    top: z.array(topEntity),
    ...sharingFields,
  }),
  errors: ["CONNECTOR_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, top }) => {
    const graph = await services.withKnowledge(connectorId, signal, (knowledge) => knowledge.graph(signal));
    const { entities, relations, complete } = graph;
    return {
      entities: entities.length,
      relations: relations.length,
      documents: new Set([...entities, ...relations].flatMap(({ fileSources }) => fileSources)).size,
      complete,
      top: topEntities(graph, top),
      ...(await sharingOf(services, connectorId)),
    };
  },
});

/** By number of relations, then number of documents, then name. */
function topEntities(graph: KnowledgeGraph, count: number): z.infer<typeof topEntity>[] {
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

export const exportGraph = operation({
  name: "graph.export",
  tag: "Knowledge",
  summary: "Give the whole graph, or as much of it as the server shows",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField.optional().describe("the graph of this connector's LightRAG"),
  }),
  output: z.strictObject({
    entities: z.array(entitySchema),
    relations: z.array(relationSchema),
    complete: z.boolean().describe("false when the server shows only a part"),
    ...sharingFields,
  }),
  errors: ["CONNECTOR_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId }) => {
    const groups = services.groupNotes(connectorId);
    const { entities, relations, complete } = await services.withKnowledge(connectorId, signal, (knowledge) =>
      knowledge.graph(signal),
    );
    const notes = await groups.notesIn([...entities, ...relations].flatMap(({ fileSources }) => fileSources));
    return {
      entities: entities.map((entity) => entityJson(entity, notes)),
      relations: relations.map((relation) => relationJson(relation, notes)),
      complete,
      ...(await sharingOf(services, connectorId)),
    };
  },
});
