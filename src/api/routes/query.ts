import * as z from "zod";
import { foundJson, foundSchema } from "../../json/found-json.ts";
import { ask } from "../../knowledge/ask.ts";
import { queryModes } from "../../lightrag/knowledge-reader.ts";
import { knowledgeErrors } from "../../operations/error-groups.ts";
import { textOf } from "../../operations/texts.ts";
import { route } from "../route.ts";
import { connectorIdText } from "./connector-id.ts";

const question = z.strictObject({
  question: textOf(10_000).describe("in plain words"),
  mode: z.enum(queryModes).default("mix").describe("how to look"),
  topK: z.int().min(1).max(1000).default(10).describe("how many entities, relations and chunks at most"),
  connectorId: connectorIdText
    .optional()
    .describe("ask the LightRAG of this connector; otherwise the one of the configuration"),
});

export const query = route({
  method: "POST",
  path: "/query",
  access: "viewer",
  tag: "Knowledge",
  summary: "Ask the graph: entities, relations and memories that bear on a question",
  details:
    "Each thing found names the memory that it comes from. An answer in words is given when a chat model is set (in mode `api`: the " +
    "server's). Works while a sync runs.",
  body: question,
  status: 200,
  answer: foundSchema,
  errors: ["CONNECTOR_UNKNOWN", "QUESTION_TOO_SHORT", ...knowledgeErrors],
  handle: async ({ body: { connectorId, ...asked }, signal }, { app }) => {
    const groups = app.groupNotes(connectorId);
    const found = await app.withKnowledge(connectorId, signal, (knowledge) =>
      ask({ knowledge, groups }, asked, signal),
    );
    return { body: foundJson(found) };
  },
});
