import * as z from "zod";
import type { App } from "../../app.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import { entityJson, entitySchema } from "../../json/knowledge-json.ts";
import { rowJson, rowSchema } from "../../json/row-json.ts";
import { knowledgeErrors } from "../../operations/error-groups.ts";
import type { LedgerKey, LedgerRow } from "../../state/ledger-row.ts";
import { route } from "../route.ts";
import { ledgerKeyOf, memoryKey } from "./memory-key.ts";

export const getMemory = route({
  method: "GET",
  path: "/connectors/{id}/memories/{contextId}/{memoryId}",
  access: "viewer",
  tag: "Knowledge",
  summary: "Show all that is known of a memory but its words",
  params: memoryKey,
  status: 200,
  answer: rowSchema,
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN"],
  handle: async ({ params }, { app }) => ({ body: rowJson(await rowOf(app, ledgerKeyOf(params))) }),
});

export const memoryEntities = route({
  method: "GET",
  path: "/connectors/{id}/memories/{contextId}/{memoryId}/entities",
  access: "viewer",
  tag: "Knowledge",
  summary: "List the entities that a memory speaks of",
  params: memoryKey,
  status: 200,
  answer: z.strictObject({
    entities: z.array(entitySchema),
    complete: z.boolean().describe("false when the server shows only a part"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN", ...knowledgeErrors],
  handle: async ({ params, signal }, { app }) => {
    const { contextId, memoryId } = await rowOf(app, ledgerKeyOf(params));
    const fileSource = await app.groupNotes(params.id).documentOf(contextId, memoryId);
    const { entities, complete } = await app.withKnowledge(params.id, signal, (knowledge) =>
      knowledge.entitiesOf(fileSource, signal),
    );
    return { body: { entities: entities.map(entityJson), complete } };
  },
});

async function rowOf(app: App, key: LedgerKey): Promise<LedgerRow> {
  app.connector(key.connectorId);
  const row = (await app.state.getRows(key, [key.memoryId])).get(key.memoryId);
  if (row !== undefined) return row;
  const message = `connector "${key.connectorId}" knows no memory "${key.memoryId}" in context "${key.contextId}"`;
  throw new ConnectorError("MEMORY_UNKNOWN", message, { subject: key.memoryId });
}
