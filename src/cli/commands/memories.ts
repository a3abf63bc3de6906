import { Option } from "commander";
import type * as z from "zod";
import { ledgerStatuses } from "../../domain/ledger-row.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import { listMemories } from "../../operations/memories/list-memories.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { longerList } from "../in-pages.ts";
import { commandOf } from "../operation-command.ts";
import { instant, wholeNumber } from "../option-values.ts";
import { renderTable } from "../table.ts";

export const memoriesCommand = commandOf(longerList(listMemories, "memories"), {
  name: "memories",
  options: [
    configOption(),
    connectorOption("only of this connector"),
    new Option("--context <id>", "only of this context"),
    new Option("--status <status>", "only those that stand here").choices(ledgerStatuses),
    new Option("--since <time>", "only those recorded at this time or later").argParser(instant),
    new Option("--until <time>", "only those recorded at this time or earlier").argParser(instant),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 1_000_000)).default(50),
    new Option("--after <cursor>", "go on from the `next` of an earlier answer"),
  ],
  examples: [
    "memories",
    "memories --since 2025-01-01 --until 2025-01-31T23:59:59Z --status processed --json",
  ],
  input: ({ options }) => {
    const { connectorId, context, status, since, until, limit, after } = options as Given & {
      context?: string;
    };
    return { connectorId, contextId: context, status, since, until, limit, after };
  },
  text: ({ memories, next }) => {
    if (memories.length === 0) return "The ledger knows no such memory.";
    const table = renderTable(
      ["RECORDED", "CONNECTOR", "CONTEXT", "MEMORY", "STATUS"],
      memories.map(({ recordedAt, connectorId, contextId, memoryId, status }) => [
        readableMoment(recordedAt === null ? null : Date.parse(recordedAt)),
        connectorId,
        contextId,
        memoryId,
        status,
      ]),
    );
    return next === null ? table : `${table}\n\nThere are more: --after ${next}`;
  },
});

type Given = z.input<typeof listMemories.input>;
