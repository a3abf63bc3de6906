import { Argument, Option } from "commander";
import type * as z from "zod";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { changeDeadLetters } from "../../operations/dead-letters/change-dead-letters.ts";
import { listDeadLetters } from "../../operations/dead-letters/list-dead-letters.ts";
import { findMemory } from "../../operations/memories/get-memory.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { changeText, deadLettersText, memoryText } from "../dead-letters-text.ts";
import { longerList } from "../in-pages.ts";
import { commandOf } from "../operation-command.ts";
import { configOption, connectorOption, list, moment, wholeNumber } from "../options.ts";

const filterOptions = () => [
  configOption(),
  connectorOption("only those of this connector"),
  new Option("--context <id>", "only those of this context"),
  new Option("--code <codes...>", "only those with one of these error codes").argParser(list),
  new Option("--since <time>", "only those that failed at this time, on this day (UTC) or later").argParser(
    moment,
  ),
  new Option("--until <time>", "only those that failed at this time, on this day (UTC) or earlier").argParser(
    moment,
  ),
];

function filterOf({ options }: CommandInput) {
  const { connectorId, context, code, since, until } = options as {
    connectorId?: string;
    context?: string;
    code?: string[];
    since?: string;
    until?: string;
  };
  return { connectorId, contextId: context, codes: code, since, until };
}

const listCommand = commandOf(longerList(listDeadLetters, "deadLetters"), {
  name: "list",
  summary: "List dead letters",
  details: "Names the memories, too, that wait for audio or a picture that could not be read yet.",
  options: [
    ...filterOptions(),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 1_000_000)).default(100),
    new Option("--after <cursor>", "go on from the `next` of an earlier answer"),
  ],
  examples: ["dead-letters list", "dead-letters list --code SINK_DOCUMENT_FAILED --json"],
  input: (typed) => {
    const { limit, after } = typed.options as { limit: number; after?: string };
    return { ...filterOf(typed), limit, after };
  },
  text: deadLettersText,
});

const show = commandOf(findMemory, {
  name: "show",
  summary: "Show all that is known of one memory",
  arguments: [new Argument("<memory-id>", "the memory")],
  options: [configOption(), connectorOption("the memory's connector; needed when several have it")],
  examples: ["dead-letters show m-123"],
  input: ({ options, arguments: [memoryId = ""] }) => ({
    memoryId,
    connectorId: options.connectorId as string | undefined,
  }),
  text: ({ memories }) => memories.map(memoryText).join("\n\n"),
});

export const deadLettersCommand: CommandSpec = {
  name: "dead-letters",
  summary: "Look at, replay or drop memories that will not be retried without a person",
  options: [],
  examples: [],
  children: [
    listCommand,
    show,
    changing("replay", "Try dead letters again"),
    changing("drop", "Give dead letters up until their memories change"),
  ],
};

function changing(action: "replay" | "drop", summary: string): CommandSpec {
  return commandOf(changeDeadLetters, {
    name: action,
    summary,
    details:
      "Name them by --ids, by a filter, or say --all. The next sync acts on it. Reaches audio and pictures that their model could not read, and " +
      "with --ids or --status waiting those that wait to be tried again. --dry-run says what would be hit; its count, given as --at-most, holds the " +
      "real call to that.",
    options: [
      ...filterOptions(),
      new Option("--ids <ids...>", "only these memories").argParser(list),
      new Option("--status <status>", "only these").choices(["dead", "waiting"]),
      new Option("--all", "all of them"),
      new Option("--dry-run", "say what would be hit, and change nothing"),
      new Option("--at-most <n>", "change nothing when more than so many are hit").argParser(
        wholeNumber(0, 1_000_000_000),
      ),
    ],
    examples: [
      `dead-letters ${action} --ids m-123,m-124`,
      `dead-letters ${action} --code SINK_DOCUMENT_FAILED --since 2025-11-01 --dry-run`,
      `dead-letters ${action} --code SINK_DOCUMENT_FAILED --at-most 12`,
    ],
    input: (typed) => inputOf(action, typed),
    refusal: missedAll,
    text: changeText,
  });
}

function missedAll({ count, missed: [first] }: z.output<typeof changeDeadLetters.output>) {
  if (count > 0 || first === undefined) return undefined;
  const { memoryId: subject, code, message, hint } = first;
  return new ConnectorError(code as ErrorCode, message, { subject, hint });
}

type ChangeInput = z.input<typeof changeDeadLetters.input>;

function inputOf(action: "replay" | "drop", typed: CommandInput): ChangeInput {
  const { ids, status, all, dryRun, atMost } = typed.options as {
    ids?: string[];
    status?: ChangeInput["status"];
    all?: true;
    dryRun?: true;
    atMost?: number;
  };
  const { connectorId, ...which } = filterOf(typed);
  const chosen = { ...which, memoryIds: ids, status, all };
  if (Object.values(chosen).every((value) => value === undefined)) {
    throw new ConnectorError("USAGE", `nothing says which dead letters to ${action}`, {
      hint: "name them by --ids or --code, or say --all",
    });
  }
  return { action, connectorId, dryRun, atMost, ...chosen };
}
