import { Argument, Option } from "commander";
import { queryKnowledge } from "../../operations/knowledge/query-knowledge.ts";
import { queryModes } from "../../sinks/lightrag/knowledge-reader.ts";
import { foundText } from "../findings-text.ts";
import { commandOf, optionsOf } from "../operation-command.ts";
import { configOption, connectorOption, kilometres, moment, wholeNumber } from "../options.ts";

export const queryCommand = commandOf(queryKnowledge, {
  name: "query",
  arguments: [new Argument("<question...>", "in plain words; quotes are not needed")],
  options: [
    configOption(),
    connectorOption("ask the LightRAG of this connector"),
    new Option("--mode <mode>", "how to look").choices(queryModes).default("mix"),
    new Option("--top-k <n>", "how many of each").argParser(wholeNumber(1, 1000)).default(10),
    new Option("--since <time>", "only from memories recorded at this time, on this day or later").argParser(
      moment,
    ),
    new Option(
      "--until <time>",
      "only from memories recorded at this time, on this day or earlier",
    ).argParser(moment),
    new Option("--timezone <zone>", "whose days and clocks; each connector's when left out"),
    new Option("--near <place>", "only from around here: 38.71,-9.14, or the name of a town"),
    new Option("--radius-km <km>", "how far around --near").argParser(kilometres),
    new Option("--person <name>", "only from memories that name this person, or in which they speak"),
    new Option("--tag <tag>", "only from memories with this tag"),
    new Option("--place <name>", "only from this district, town, region or country"),
  ],
  examples: [
    'query "Who dives with Ines?"',
    "query who is gina",
    'query "What is planned for the garden?" --mode local --top-k 5 --json',
    'query "What did we eat?" --near Lisbon --since 2025-06-01 --until 2025-06-30 --person Ines',
  ],
  input: (typed) => ({ ...optionsOf(queryKnowledge, typed), question: typed.arguments.join(" ") }),
  text: foundText,
});
