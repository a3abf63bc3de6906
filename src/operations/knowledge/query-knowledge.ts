import * as z from "zod";
import { queryModes } from "../../sinks/lightrag/knowledge-reader.ts";
import { knowledgeErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { textOf } from "../texts.ts";
import { ask } from "./ask.ts";
import { queryResult, queryResultSchema } from "./query-result.ts";

export const queryKnowledge = operation({
  name: "knowledge.query",
  tag: "Knowledge",
  summary: "Ask the graph: entities, relations and memories that bear on a question",
  details:
    "Each thing found names the memory that it comes from. An answer in words is given when a chat model is set (in mode `api`: the " +
    "server's). Works while a sync runs.",
  access: "viewer",
  input: z.strictObject({
    question: textOf(10_000).describe("in plain words"),
    mode: z.enum(queryModes).default("mix").describe("how to look"),
    topK: z.int().min(1).max(1000).default(10).describe("how many entities, relations and chunks at most"),
    connectorId: connectorIdField
      .optional()
      .describe("ask the LightRAG of this connector; otherwise the one of the configuration"),
  }),
  output: queryResultSchema,
  errors: ["CONNECTOR_UNKNOWN", "QUESTION_TOO_SHORT", ...knowledgeErrors],
  run: async ({ services, signal }, { connectorId, ...asked }) => {
    const groups = services.groupNotes(connectorId);
    const found = await services.withKnowledge(connectorId, signal, (knowledge) =>
      ask({ knowledge, groups }, asked, signal),
    );
    return queryResult(found);
  },
});
