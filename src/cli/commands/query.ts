import { Argument, Option } from "commander";
import type * as z from "zod";
import { queryKnowledge } from "../../operations/knowledge/query-knowledge.ts";
import { queryModes } from "../../sinks/lightrag/knowledge-reader.ts";
import { foundText } from "../findings-text.ts";
import { commandOf } from "../operation-command.ts";
import { configOption, connectorOption, wholeNumber } from "../options.ts";

export const queryCommand = commandOf(queryKnowledge, {
  name: "query",
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
  input: ({ options, arguments: words }) => {
    const { connectorId, mode, topK } = options as Omit<z.input<typeof queryKnowledge.input>, "question">;
    return { connectorId, mode, topK, question: words.join(" ") };
  },
  text: foundText,
});
