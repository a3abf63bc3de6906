import { Argument, Option } from "commander";
import * as z from "zod";
import { cliOrigin } from "../../access/audit/audit-origin.ts";
import { deadLettersChange } from "../../access/audit/dead-letters-change.ts";
import { deadMediumJson, deadMediumSchema } from "../../json/dead-medium-json.ts";
import { rowJson, rowSchema } from "../../json/row-json.ts";
import { countSchema } from "../../json/run-json.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { printable } from "../../kernel/util/printable.ts";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import type { App } from "../../runtime/app.ts";
import type { LedgerRow } from "../../state/ledger-row.ts";
import type { DeadLetterFilter } from "../../sync/dead-letter-filter.ts";
import { changeDeadLetters, findDeadLetters, findWaitingForMedia } from "../../sync/dead-letters.ts";
import { findDeadMedia } from "../../sync/dead-media.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { missedDeadLetter, tryMediaNow } from "../missed-dead-letters.ts";
import { list, wholeNumber } from "../option-values.ts";
import { renderTable } from "../table.ts";
import { withApp } from "../with-app.ts";

type Change = Parameters<typeof changeDeadLetters>[3];

const codeOption = () =>
  new Option("--code <codes...>", "only those with one of these error codes").argParser(list);
const idsOption = () => new Option("--ids <ids...>", "only these memories").argParser(list);

const listDeadLetters: CommandSpec = {
  name: "list",
  summary: "List dead letters",
  details: "Names the memories, too, that wait for audio or a picture that could not be read yet.",
  options: [
    configOption(),
    connectorOption("only those of this connector"),
    codeOption(),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 1_000_000)).default(100),
  ],
  examples: ["dead-letters list", "dead-letters list --code SINK_DOCUMENT_FAILED --json"],
  json: z.strictObject({
    deadLetters: z.array(rowSchema),
    more: z.boolean(),
    deadMedia: z.array(deadMediumSchema).describe("audio and pictures that their model could not read"),
    waitingForMedia: z.array(rowSchema).describe("memories whose audio or picture could not be read yet"),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const limit = Number(input.options.limit);
      const rows = await collect(app, input, limit + 1);
      const shown = rows.slice(0, limit);
      const media = await collectMedia(app, input, limit);
      const waiting = await collectWaiting(app, input, limit);
      const table = shown.length === 0 ? "There are no dead letters." : deadLettersTable(shown);
      return {
        json: {
          deadLetters: shown.map(rowJson),
          more: rows.length > limit,
          deadMedia: media.map(deadMediumJson),
          waitingForMedia: waiting.map(rowJson),
        },
        text: [table, ...mediaText(media), ...waitingText(waiting)].join("\n\n"),
      };
    }),
};

const showDeadLetter: CommandSpec = {
  name: "show",
  summary: "Show all that is known of one memory",
  details: "Works for any memory of the ledger, dead or not.",
  arguments: [new Argument("<memory-id>", "the memory")],
  options: [configOption(), connectorOption("the memory's connector; needed when several have it")],
  examples: ["dead-letters show m-123"],
  json: z.strictObject({ memories: z.array(rowSchema) }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const memoryId = input.arguments[0] ?? "";
      const rows = await findMemory(app, input, memoryId);
      if (rows.length === 0) {
        throw new ConnectorError("MEMORY_UNKNOWN", `the ledger knows no memory "${memoryId}"`, {
          subject: memoryId,
        });
      }
      return { json: { memories: rows.map(rowJson) }, text: rows.map(describe).join("\n\n") };
    }),
};

const replayDeadLetters = changing("replay", "Try dead letters again", "replayed", { type: "replay" });
const dropDeadLetters = changing("drop", "Give dead letters up until their memories change", "dropped", {
  type: "drop",
});

export const deadLettersCommand: CommandSpec = {
  name: "dead-letters",
  summary: "Look at, replay or drop memories that will not be retried without a person",
  options: [],
  examples: [],
  children: [listDeadLetters, showDeadLetter, replayDeadLetters, dropDeadLetters],
};

function changing(name: string, summary: string, done: string, event: Change): CommandSpec {
  return {
    name,
    summary,
    details:
      "Name them by --ids, by --code, or say --all. The next sync acts on it. Reaches audio and pictures that their model could not read, and " +
      "with --ids those that wait to be tried again.",
    options: [
      configOption(),
      connectorOption("only those of this connector"),
      idsOption(),
      codeOption(),
      new Option("--all", "all of them"),
    ],
    examples: [`dead-letters ${name} --ids m-123,m-124`, `dead-letters ${name} --code SINK_DOCUMENT_FAILED`],
    json: z.strictObject({ [done]: countSchema, memoryIds: z.array(z.string()) }),
    run: (input, context) =>
      withApp(input, context, { readOnly: false }, async (app) => {
        const { ids, code, all } = input.options;
        if (ids === undefined && code === undefined && all !== true) {
          throw new ConnectorError("USAGE", `nothing says which dead letters to ${name}`, {
            hint: "name them by --ids or --code, or say --all",
          });
        }
        const memoryIds: string[] = [];
        for (const { id } of connectorsOf(app, input)) {
          const changed = await changeDeadLetters(app.state, id, filterOf(input), event, Date.now());
          const { change } = deadLettersChange(event.type, id, changed.memoryIds);
          if (change !== undefined) await app.audit.record(cliOrigin(), change);
          memoryIds.push(...changed.memoryIds);
        }
        const missed = await findMissed(app, input, new Set(memoryIds));
        if (memoryIds.length === 0 && missed[0] !== undefined) throw missed[0];
        const text = `${plural(memoryIds.length, "dead letter")} ${done}.`;
        return {
          json: { [done]: memoryIds.length, memoryIds },
          text: [text, ...missed.map((error) => error.format())].join("\n"),
        };
      }),
  };
}

function connectorsOf(app: App, input: CommandInput): readonly { id: string }[] {
  const id = input.options.connectorId;
  return id === undefined ? app.connectors.configs() : [app.connector(String(id))];
}

async function collect(app: App, input: CommandInput, limit: number): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (const connector of connectorsOf(app, input)) {
    rows.push(...(await findDeadLetters(app.state, connector.id, filterOf(input), limit - rows.length)));
    if (rows.length >= limit) break;
  }
  return rows;
}

async function collectMedia(app: App, input: CommandInput, limit: number): Promise<UnreadMedium[]> {
  const media: UnreadMedium[] = [];
  for (const { id } of connectorsOf(app, input))
    media.push(...(await findDeadMedia(app.state, id, filterOf(input), limit - media.length)));
  return media;
}

function mediaText(media: readonly UnreadMedium[]): string[] {
  if (media.length === 0) return [];
  const table = renderTable(
    ["CONNECTOR", "MEMORY", "MEDIUM", "SINCE", "TRIES", "CODE", "WHAT HAPPENED"],
    media.map(({ connectorId, memoryId, kind, failedAt, failures, error }) => [
      connectorId,
      memoryId,
      kind,
      readableMoment(failedAt),
      String(failures),
      error.code,
      error.message,
    ]),
  );
  return [
    `Audio and pictures that their model could not read; their memories are delivered without:\n${table}`,
  ];
}

/** Which memories wait for a medium; a code asks for dead letters alone. */
async function collectWaiting(app: App, input: CommandInput, limit: number): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  if (input.options.code !== undefined) return rows;
  for (const { id } of connectorsOf(app, input))
    rows.push(...(await findWaitingForMedia(app.state, id, limit - rows.length)));
  return rows;
}

function waitingText(rows: readonly LedgerRow[]): string[] {
  return [...Map.groupBy(rows, ({ connectorId }) => connectorId)].map(([connectorId, waiting]) => {
    const ids = waiting.map(({ memoryId }) => memoryId);
    const subject = ids.length === 1 ? "1 memory waits" : `${ids.length} memories wait`;
    return `${subject} for audio or a picture that could not be read yet · ${printable(tryMediaNow({ connectorId }, ids))}`;
  });
}

/** What became of the memories that were named and not changed. */
async function findMissed(
  app: App,
  input: CommandInput,
  changed: ReadonlySet<string>,
): Promise<ConnectorError[]> {
  const { ids = [] } = filterOf(input);
  const missed = ids.filter((id) => !changed.has(id));
  return Promise.all(missed.map(async (id) => missedDeadLetter(id, (await findMemory(app, input, id))[0])));
}

function filterOf({ options }: CommandInput): DeadLetterFilter {
  const { ids, code } = options as { ids?: readonly string[]; code?: readonly string[] };
  return { ids, codes: code };
}

async function findMemory(app: App, input: CommandInput, memoryId: string): Promise<LedgerRow[]> {
  const connectors = app.connectors
    .configs()
    .filter(({ id }) => input.options.connectorId === undefined || id === input.options.connectorId);
  const found = await Promise.all(
    connectors.flatMap(({ id, contextIds }) =>
      contextIds.map((contextId) => app.state.getRows({ connectorId: id, contextId }, [memoryId])),
    ),
  );
  return found.flatMap((rows) => [...rows.values()]);
}

function deadLettersTable(rows: readonly LedgerRow[]): string {
  return renderTable(
    ["CONNECTOR", "MEMORY", "SINCE", "TRIES", "CODE", "WHAT HAPPENED"],
    rows.map((row) => [
      row.connectorId,
      row.memoryId,
      readableMoment(row.changedAt),
      String(row.attempts),
      row.error?.code ?? "-",
      row.error?.message ?? "-",
    ]),
  );
}

function describe(row: LedgerRow): string {
  const facts: [string, string][] = [
    ["Memory", row.memoryId],
    ["Context", row.contextId],
    ["Connector", row.connectorId],
    ["Status", row.status],
    ["Recorded", readableMoment(row.memoryCreatedAt)],
    ["First seen", readableMoment(row.firstSeenAt)],
    ["Last change", readableMoment(row.changedAt)],
    ["Document", `${row.fileSource}${row.documentId === null ? "" : ` (${row.documentId})`}`],
    ["Failed attempts", String(row.attempts)],
    ["Next attempt", readableMoment(row.nextAttemptAt)],
    ["Error", row.error === null ? "-" : `${row.error.code}: ${row.error.message}`],
    ["What to do", row.error?.hint ?? "-"],
  ];
  return facts.map(([label, value]) => `${label.padEnd(16)} ${printable(value)}`).join("\n");
}
