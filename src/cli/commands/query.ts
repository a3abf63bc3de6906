import { Argument, Option } from "commander";
import { foundJson, foundSchema } from "../../json/found-json.ts";
import { ask, type Question } from "../../knowledge/ask.ts";
import { queryModes } from "../../lightrag/knowledge-reader.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { foundText } from "../findings-text.ts";
import { wholeNumber } from "../option-values.ts";
import { withApp } from "../with-app.ts";

type QueryOptions = Pick<Question, "mode" | "topK"> & { connectorId?: string };

export const queryCommand: CommandSpec = {
  name: "query",
  summary: "Ask the graph: entities, relations and memories that bear on a question",
  details:
    "Each thing found names the memory that it comes from. An answer in words is given when a chat model is set (in mode `api`: the server's).",
  arguments: [new Argument("<question...>", "in plain words; quotes are not needed")],
  options: [
    configOption(),
    connectorOption("ask the LightRAG of this connector"),
    new Option("--mode <mode>", "how to look").choices(queryModes).default("mix"),
    new Option("--top-k <n>", "how many of each").argParser(wholeNumber(1, 1000)).default(10),
  ],
  examples: [
    'query "Who dives with Ines?"',
    "query who is gina",
    'query "What is planned for the garden?" --mode local --top-k 5 --json',
  ],
  json: foundSchema,
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { connectorId, mode, topK } = input.options as unknown as QueryOptions;
      const question = input.arguments.join(" ");
      const { signal } = context.io;
      const groups = app.groupNotes(connectorId);
      const found = await app.withKnowledge(connectorId, signal, (knowledge) =>
        ask({ knowledge, groups }, { question, mode, topK }, signal),
      );
      return { json: foundJson(found), text: foundText(found) };
    }),
};
