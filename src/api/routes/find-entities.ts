import * as z from "zod";
import { knowledgeErrors } from "../../operations/error-groups.ts";
import { textOf } from "../../operations/texts.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const findEntities = route({
  method: "GET",
  path: "/connectors/{id}/entities",
  access: "viewer",
  tag: "Knowledge",
  summary: "Find entities by a part of their names, the likeliest first",
  params: connectorId,
  query: z.object({
    contains: textOf(500).describe("upper and lower case alike"),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("how many at most"),
  }),
  status: 200,
  answer: z.strictObject({ names: z.array(z.string()) }),
  errors: ["CONNECTOR_UNKNOWN", ...knowledgeErrors],
  handle: async ({ params: { id }, query: { contains, limit }, signal }, { app }) => {
    const names = await app.withKnowledge(id, signal, (knowledge) =>
      knowledge.findNames(contains, limit, signal),
    );
    return { body: { names } };
  },
});
