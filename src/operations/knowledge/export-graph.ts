import * as z from "zod";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { entityJson, entitySchema, relationJson, relationSchema } from "./knowledge-json.ts";

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
    };
  },
});
