import { Option } from "commander";
import * as z from "zod";
import type { RunRecord } from "../../domain/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural, readableInstant } from "../../kernel/util/readable.ts";
import { type backfillSchema, getBackfill } from "../../operations/backfill/get-backfill.ts";
import { cancelBackfill, requestBackfill } from "../../operations/backfill/request-backfill.ts";
import { runJson, runSchema } from "../../operations/runs/run-json.ts";
import type { App, ConnectorConfig } from "../../runtime/app.ts";
import { needsAnotherRun } from "../../sync/backfill.ts";
import { ordinaryRun } from "../../sync/run-options.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { logsToConsole } from "../command-log.ts";
import { type EachConnector, failuresSchema, forEachConnector } from "../each-connector.ts";
import { type ExitCode, exitCodeOfRuns, exitCodes } from "../exit-codes.ts";
import { contextOf, inputOf } from "../operation-command.ts";
import { configOption, moment } from "../options.ts";
import { ProgressView } from "../progress-view.ts";
import { renderReport } from "../report-text.ts";
import { selectionOptions } from "../selection.ts";
import { withApp } from "../with-app.ts";

const backfilled = requestBackfill.output.omit({ runId: true }).extend({ runs: z.array(runSchema) });

export const backfillCommand: CommandSpec = {
  name: "backfill",
  summary: "Deliver old memories, behind the new ones",
  details:
    "Asks for the memories of a span of time and runs the connector until they are delivered, `ingestion.backfill_per_run` of them in each run and newest " +
    "first; new memories go before them in every run. They share the day's budget: when it is spent, the command ends and the connector's later runs go " +
    "on with it. It may be stopped at any time and asked for again. --cancel ends it: what waits and lies outside of the connector's " +
    "`query_range` is forgotten.",
  options: [
    configOption(),
    ...selectionOptions(),
    new Option(
      "--since <time>",
      "the oldest memories to deliver (RFC 3339, or a date, which is a whole day)",
    ).argParser(moment),
    new Option("--until <time>", "the newest memories to deliver; now when left out").argParser(moment),
    new Option("--later", "only ask for them; the connector's next runs take them up"),
    new Option("--show", "say what was asked for last, and ask for nothing").conflicts([
      "since",
      "until",
      "later",
    ]),
    new Option("--cancel", "deliver no more of what was asked for").conflicts([
      "since",
      "until",
      "later",
      "show",
    ]),
  ],
  examples: [
    "backfill --since 2024-01-01",
    "backfill --connector-id personal --since 2023-01-01 --until 2023-12-31 --later",
    "backfill --connector-id personal --show",
    "backfill --connector-id personal --cancel",
  ],
  json: z.strictObject({
    backfills: z.array(z.union([backfilled, getBackfill.output, cancelBackfill.output])),
    failures: failuresSchema,
  }),
  operations: [requestBackfill, getBackfill, cancelBackfill],
  run: (input, context) => {
    const { show, cancel, since } = input.options;
    if (show === true)
      return withApp(input, context, { readOnly: true }, (app) => showAll(app, input, context));
    if (cancel === true)
      return withApp(input, context, { readOnly: false }, (app) => cancelAll(app, input, context));
    if (since === undefined)
      throw new ConnectorError("USAGE", "it is not said since when", {
        hint: "say --since with the oldest time, such as 2024-01-01; --show and --cancel need none",
      });
    return withApp(input, context, { readOnly: false }, (app) => backfillAll(app, input, context));
  },
};

async function backfillAll(app: App, input: CommandInput, context: CommandContext): Promise<CommandResult> {
  const each = await forEachConnector(app, input, context, (connector) =>
    backfillOne(app, connector, input, context),
  );
  const outcomes = each.results.flatMap(({ runs }) => runs.map(({ outcome }) => outcome));
  return resultOf(each, each.results.map(describe).join("\n\n"), exitCodeOfRuns(outcomes));
}

/** Each run releases the connector's lock, so that a scheduled one can run in between. */
async function backfillOne(
  app: App,
  connector: ConnectorConfig,
  { options }: CommandInput,
  context: CommandContext,
): Promise<z.output<typeof backfilled>> {
  const { signal } = context.io;
  const { id: connectorId } = connector;
  const { since, until } = options as { since: string; until?: string };
  const later = options.later === true;
  const asked = inputOf(requestBackfill, { connectorId, since, until, later }, backfillCommand.options);
  const { runId: _, ...request } = await requestBackfill.run(contextOf(app, context), asked);
  const runs: RunRecord[] = [];
  while (!later && !signal.aborted && (await isToGoOn(app, connectorId, runs.at(-1)))) {
    const view = new ProgressView(context.io, app.events, { silent: context.asJson || logsToConsole(app) });
    const run = ordinaryRun("cli", Date.now());
    runs.push(await app.run(connector, run, signal).finally(() => view.close()));
  }
  const { backfill } = await getBackfill.run(contextOf(app, context), { connectorId });
  return { ...request, backfill: backfill ?? request.backfill, runs: runs.map(runJson) };
}

async function isToGoOn({ state }: App, connectorId: string, last: RunRecord | undefined): Promise<boolean> {
  if (last === undefined) return true;
  const backfill = await state.backfills.get(connectorId);
  return backfill !== null && needsAnotherRun(backfill, last, Date.now());
}

async function showAll(app: App, input: CommandInput, context: CommandContext): Promise<CommandResult> {
  const each = await forEachConnector(app, input, context, ({ id: connectorId }) =>
    getBackfill.run(contextOf(app, context), { connectorId }),
  );
  const text = each.results.map(({ connectorId, backfill }) =>
    backfill === null ? `${connectorId}: nothing was ever asked for` : progressText(connectorId, backfill),
  );
  return resultOf(each, text.join("\n"), exitCodes.ok);
}

async function cancelAll(app: App, input: CommandInput, context: CommandContext): Promise<CommandResult> {
  const each = await forEachConnector(app, input, context, ({ id: connectorId }) =>
    cancelBackfill.run(contextOf(app, context), { connectorId }),
  );
  const text = each.results.map(
    ({ connectorId, backfill, forgotten }) =>
      `${progressText(connectorId, backfill)}; ${plural(forgotten, "waiting memory", "waiting memories")} forgotten`,
  );
  return resultOf(each, text.join("\n"), exitCodes.ok);
}

function resultOf(
  { results, failures, exitCodeWith }: EachConnector<unknown>,
  text: string,
  ofResults: ExitCode,
): CommandResult {
  return { json: { backfills: results, failures }, text, exitCode: exitCodeWith(ofResults) };
}

function describe({ connectorId, backfill, runs }: z.output<typeof backfilled>): string {
  return [progressText(connectorId, backfill), ...runs.map(renderReport)].join("\n");
}

function progressText(
  connectorId: string,
  { since, until, finishedAt }: z.output<typeof backfillSchema>,
): string {
  const state = finishedAt === null ? "goes on with the connector's next runs" : "done";
  return `${connectorId}: backfill of ${readableInstant(Date.parse(since))} to ${readableInstant(Date.parse(until))}: ${state}`;
}
