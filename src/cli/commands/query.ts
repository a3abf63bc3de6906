import { Argument, Option } from "commander";
import * as z from "zod";
import { entityJson, entitySchema, relationJson, relationSchema } from "../../json/knowledge-json.ts";
import { queryModes } from "../../lightrag/knowledge-reader.ts";
import { ask, type Found, type QueryOptions } from "../ask.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { foundText } from "../findings-text.ts";
import { sourceSchema } from "../memory-source-line.ts";
import { wholeNumber } from "../option-values.ts";
import { withApp } from "../with-app.ts";

export const queryCommand: CommandSpec = {
  name: "query",
  summary: "Ask the graph: entities, relations and memories that bear on a question",
  details:
    "Each thing found names the memory that it comes from. An answer in words is given when a chat model is set (in mode `api`: the server's).",
  arguments: [new Argument("<question>", "in plain words")],
  options: [
    configOption(),
    connectorOption("ask the LightRAG of this connector"),
    new Option("--mode <mode>", "how to look").choices(queryModes).default("mix"),
    new Option("--top-k <n>", "how many of each").argParser(wholeNumber(1, 1000)).default(10),
  ],
  examples: [
    'query "Who dives with Ines?"',
    'query "What is planned for the garden?" --mode local --top-k 5 --json',
  ],
  json: z.strictObject({
    question: z.string(),
    mode: z.enum(queryModes),
    answer: z.strictObject({ text: z.string(), fileSources: z.array(z.string()) }).nullable(),
    entities: z.array(entitySchema),
    relations: z.array(relationSchema),
    chunks: z.array(z.strictObject({ id: z.string(), text: z.string(), memory: sourceSchema })),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const id = input.options.connectorId;
      const lightrag = id === undefined ? app.config.lightrag : app.connector(String(id)).lightrag;
      const knowledge = await app.knowledge(lightrag, context.io.signal);
      const options = input.options as unknown as QueryOptions;
      const found = await ask(knowledge, input.arguments[0] ?? "", options, context.io.signal);
      return { json: foundJson(found), text: foundText(found) };
    }),
};

function foundJson({ question, mode, findings, sources }: Found) {
  const { answer } = findings;
  return {
    question,
    mode,
    answer: answer && { text: answer.text, fileSources: [...answer.fileSources] },
    entities: findings.entities.map(entityJson),
    relations: findings.relations.map(relationJson),
    chunks: findings.chunks.map(({ id, text }, index) => ({ id, text, memory: sources[index] })),
  };
}
