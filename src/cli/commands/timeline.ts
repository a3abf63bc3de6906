import { Option } from "commander";
import { ledgerStatuses } from "../../domain/ledger-row.ts";
import { periodLengths } from "../../operations/memories/calendar.ts";
import { timeline } from "../../operations/memories/timeline.ts";
import { longerList, moreText } from "../in-pages.ts";
import { renderTable } from "../lay-out.ts";
import { commandOf, optionsOf } from "../operation-command.ts";
import { configOption, connectorOption, moment, wholeNumber } from "../options.ts";

export const timelineCommand = commandOf(longerList(timeline, "periods"), {
  name: "timeline",
  options: [
    configOption(),
    connectorOption("only of this connector"),
    new Option("--context <id>", "only of this context"),
    new Option("--status <status>", "only memories that stand here").choices(ledgerStatuses),
    new Option("--by <period>", "how long a period is").choices(periodLengths).default("day"),
    new Option(
      "--timezone <zone>",
      "whose calendar it is, such as Europe/Berlin; each connector's when left out",
    ),
    new Option("--since <time>", "from the period on that holds this time or day").argParser(moment),
    new Option("--until <time>", "up to the period that holds this time or day").argParser(moment),
    new Option("--top <n>", "how many tags, people and places of each period")
      .argParser(wholeNumber(0, 20))
      .default(3),
    new Option("--limit <n>", "how many periods at most").argParser(wholeNumber(1, 1_000_000)).default(50),
    new Option("--after <cursor>", "go on from the `next` of an earlier answer"),
  ],
  examples: ["timeline", "timeline --by month --timezone Europe/Berlin --since 2024-01-01 --json"],
  input: (typed) => ({
    contextId: typed.options.context as string | undefined,
    ...optionsOf(timeline, typed),
  }),
  text: ({ periods, next }) => {
    if (periods.length === 0) return "The ledger knows no such memory that has a time.";
    const table = renderTable(
      ["PERIOD", "MEMORIES", "DELIVERED", "DEAD", "PLACES", "TAGS", "PEOPLE"],
      periods.map(({ period, memories, statuses, places, tags, people }) => [
        period,
        String(memories),
        String(statuses.processed ?? 0),
        String(statuses.dead ?? 0),
        names(places),
        names(tags),
        names(people),
      ]),
    );
    return [table, ...moreText(next)].join("\n\n");
  },
});

function names(named: readonly { name: string; count: number }[]): string {
  return named.map(({ name, count }) => `${name} ${count}`).join(", ") || "-";
}
