import { Option } from "commander";
import { ledgerStatuses } from "../../domain/ledger-row.ts";
import { listMemories } from "../../operations/memories/list-memories.ts";
import { longerList, moreText } from "../in-pages.ts";
import { renderTable } from "../lay-out.ts";
import { nearText } from "../near-text.ts";
import { commandOf, optionsOf } from "../operation-command.ts";
import { configOption, connectorOption, kilometres, moment, wholeNumber } from "../options.ts";

export const memoriesCommand = commandOf(longerList(listMemories, "memories"), {
  name: "memories",
  options: [
    configOption(),
    connectorOption("only of this connector"),
    new Option("--context <id>", "only of this context"),
    new Option("--status <status>", "only those that stand here").choices(ledgerStatuses),
    new Option(
      "--standing <which>",
      "not_live: only those that failed, wait for a person, are being removed or are deleted",
    ).choices(["live", "not_live"]),
    new Option("--since <time>", "only those recorded at this time, on this day or later").argParser(moment),
    new Option("--until <time>", "only those recorded at this time, on this day or earlier").argParser(
      moment,
    ),
    new Option(
      "--timezone <zone>",
      "whose days and clocks, such as Europe/Berlin; each connector's when left out",
    ),
    new Option("--text <words>", "only those in whose kept words each of these occurs (state.keep_text)"),
    new Option("--tag <tag>", "only those with this tag"),
    new Option("--person <name>", "only those that name this person, or in which they speak"),
    new Option("--place <name>", "only those from this district, town, region or country"),
    new Option("--near <place>", "only those from around here: 38.71,-9.14, or the name of a town"),
    new Option("--radius-km <km>", "how far around --near").argParser(kilometres),
    new Option("--area <area>", "only those from this area of `places`"),
    new Option("--code <code>", "only those with this error, as `errors` counts them"),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 1_000_000)).default(50),
    new Option("--after <cursor>", "go on from the `next` of an earlier answer"),
  ],
  examples: [
    "memories",
    "memories --since 2025-01-01 --until 2025-01-31 --status processed --json",
    "memories --near Lisbon --radius-km 5 --tag kayak",
  ],
  input: (typed) => {
    const { context: contextId } = typed.options as { context?: string };
    return { contextId, ...optionsOf(listMemories, typed) };
  },
  text: ({ memories, note, near, next }) => {
    const where = nearText(near);
    if (memories.length === 0) return [note ?? "The ledger knows no such memory.", ...where].join(" ");
    const table = renderTable(
      ["RECORDED", "CONNECTOR", "CONTEXT", "MEMORY", "STATUS", "PLACE", "TAGS"],
      memories.map(({ local, connectorId, contextId, memoryId, status, place, tags }) => [
        local?.time ?? "-",
        connectorId,
        contextId,
        memoryId,
        status,
        place ?? "-",
        tags.slice(0, 3).join(", ") || "-",
      ]),
    );
    return [table, ...where, ...moreText(next)].join("\n\n");
  },
});
