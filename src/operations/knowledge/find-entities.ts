import * as z from "zod";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { textOf } from "../texts.ts";

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
  output: z.strictObject({ names: z.array(z.string()) }),
  errors: ["CONNECTOR_UNKNOWN", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, contains, limit }) => {
    const names = await services.withKnowledge(connectorId, signal, (knowledge) =>
      knowledge.findNames(contains, limit, signal),
    );
    return { names };
  },
});
