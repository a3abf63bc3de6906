import * as z from "zod";
import { knowledgeErrors } from "../error-groups.ts";
import { entityJson, entitySchema } from "../knowledge/knowledge-json.ts";
import { operation } from "../operation.ts";
import { findRows, keysOf, memoryNameFields, memoryUnknown } from "./memory-rows.ts";

export const memoryEntities = operation({
  name: "memory.entities",
  tag: "Knowledge",
  summary: "List the entities that a memory speaks of",
  access: "viewer",
  input: z.strictObject(memoryNameFields),
  output: z.strictObject({
    memoryId: z.string(),
    entities: z.array(entitySchema),
    delivered: z.boolean().describe("LightRAG has processed its document"),
    complete: z.boolean().describe("false when the server shows only a part"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, name) => {
    const { memoryId, connectorId } = name;
    const rows = await findRows(services, name);
    const groups = services.groupNotes(connectorId);
    // A lost ledger does not hide what LightRAG has.
    const places = rows.length > 0 ? rows : keysOf(services, name);
    const contexts = new Set(places.map(({ contextId }) => contextId));
    const delivered = rows.some(({ status }) => status === "processed");
    return services.withKnowledge(connectorId, signal, async (knowledge) => {
      let complete = true;
      for (const contextId of contexts) {
        const document = await groups.documentOf(contextId, memoryId);
        const found = await knowledge.entitiesOf(document, signal);
        complete &&= found.complete;
        if (found.entities.length === 0) continue;
        const notes = await groups.notesIn(found.entities.flatMap(({ fileSources }) => fileSources));
        const entities = found.entities.map((entity) => entityJson(entity, notes));
        return { memoryId, entities, delivered, complete: found.complete };
      }
      if (rows.length === 0) throw memoryUnknown(name);
      return { memoryId, entities: [], delivered, complete };
    });
  },
});
