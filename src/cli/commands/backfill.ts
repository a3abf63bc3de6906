import { Option } from "commander";
import * as z from "zod";
import type { RunRecord } from "../../domain/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { readableInstant } from "../../kernel/util/readable.ts";
import { backfillJson, backfillSchema } from "../../operations/connectors/backfill-json.ts";
import { runJson, runSchema } from "../../operations/runs/run-json.ts";
import type { App, ConnectorConfig } from "../../runtime/app.ts";
import type { Backfill } from "../../state/record-stores.ts";
import { requestBackfill } from "../../sync/backfill.ts";
import { ordinaryRun } from "../../sync/run-options.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { logsToConsole } from "../command-log.ts";
import { configOption } from "../common-options.ts";
import { failuresSchema, forEachConnector } from "../each-connector.ts";
import { exitCodeOfRuns } from "../exit-codes.ts";
import { moment } from "../option-values.ts";
import { ProgressView } from "../progress-view.ts";
import { renderReport } from "../report-text.ts";
import { selectionOptions } from "../selection.ts";
import { withApp } from "../with-app.ts";

export const backfillCommand: CommandSpec = {
  name: "backfill",
  summary: "Deliver old memories, behind the new ones",
  details:
    "Asks for the memories of a span of time and runs the connector until they are delivered, `ingestion.backfill_per_run` of them in each run and newest " +
    "first; new memories go before them in every run. They share the day's budget: when it is spent, the command ends and the connector's later runs go " +
    "on with it. It may be stopped at any time and asked for again.",
  options: [
    configOption(),
    ...selectionOptions(),
    new Option("--since <time>", "the oldest memories to deliver (RFC 3339, or a date in UTC)")
      .argParser(moment)
      .makeOptionMandatory(),
    new Option("--until <time>", "the newest memories to deliver; now when left out").argParser(moment),
    new Option("--later", "only ask for them; the connector's next runs take them up"),
  ],
  examples: [
    "backfill --since 2024-01-01",
    "backfill --connector-id personal --since 2023-01-01 --until 2023-12-31 --later",
  ],
  json: z.strictObject({
    backfills: z.array(
      z.strictObject({ connectorId: z.string(), backfill: backfillSchema, runs: z.array(runSchema) }),
    ),
    failures: failuresSchema,
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const span = spanOf(input);
      const { results: backfilled, ...rest } = await forEachConnector(app, input, context, (connector) =>
        backfillOne(app, connector, span, input, context),
      );
      return {
        json: {
          backfills: backfilled.map(({ backfill, runs }) => ({
            connectorId: backfill.connectorId,
            backfill: backfillJson(backfill),
            runs: runs.map(runJson),
          })),
          failures: rest.failures,
        },
        text: backfilled.map(describe).join("\n\n"),
        exitCode: rest.exitCodeWith(
          exitCodeOfRuns(backfilled.flatMap(({ runs }) => runs.map(({ outcome }) => outcome))),
        ),
      };
    }),
};

interface Span {
  since: number;
  until: number;
}

interface Backfilled {
  backfill: Backfill;
  runs: RunRecord[];
}

function spanOf({ options }: CommandInput): Span {
  const { since, until = Date.now() } = options as { since: number; until?: number };
  if (since <= until) return { since, until };
  throw new ConnectorError("USAGE", "--since is later than --until");
}

/** Each run lets go of the connector, so that a scheduled one can come in between. */
async function backfillOne(
  app: App,
  connector: ConnectorConfig,
  span: Span,
  { options }: CommandInput,
  context: CommandContext,
): Promise<Backfilled> {
  const { signal } = context.io;
  let backfill = await requestBackfill(app.state, { connectorId: connector.id, ...span }, Date.now());
  const runs: RunRecord[] = [];
  while (options.later !== true && goesOn(backfill, runs) && !signal.aborted) {
    const view = new ProgressView(context.io, app.events, { silent: context.asJson || logsToConsole(app) });
    const run = ordinaryRun("cli", Date.now());
    runs.push(await app.run(connector, run, signal).finally(() => view.close()));
    backfill = (await app.state.backfills.get(connector.id)) ?? backfill;
  }
  return { backfill, runs };
}

/** As long as each run delivers some of it. */
function goesOn({ finishedAt }: Backfill, runs: readonly RunRecord[]): boolean {
  const last = runs.at(-1);
  if (last === undefined) return true;
  return finishedAt === null && last.counts.processed > 0 && ["success", "partial"].includes(last.outcome);
}

function describe({ backfill, runs }: Backfilled): string {
  const { connectorId, since, until, finishedAt } = backfill;
  const state = finishedAt === null ? "goes on with the connector's next runs" : "done";
  const span = `${readableInstant(since)} to ${readableInstant(until)}`;
  return [`${connectorId}: backfill of ${span}: ${state}`, ...runs.map(renderReport)].join("\n");
}
