import { Option } from "commander";
import * as z from "zod";
import { hasReceivers } from "../../config/config.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { memoryFilter } from "../../operations/runs/memory-filter.ts";
import { runJson, runSchema } from "../../operations/runs/run-json.ts";
import type { App, ConnectorConfig } from "../../runtime/app.ts";
import { cleanUp } from "../../runtime/service/history-cleanup.ts";
import { newRunId, type RunOptions } from "../../sync/run-options.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { logsToConsole } from "../command-log.ts";
import { type EachConnector, failuresSchema, forEachConnector } from "../each-connector.ts";
import { exitCodeOfRuns } from "../exit-codes.ts";
import { configlessOptions } from "../load-config.ts";
import { configOption } from "../options.ts";
import { ProgressView } from "../progress-view.ts";
import { renderReport } from "../report-text.ts";
import {
  filterOptions,
  outdatedOption,
  runWishOptions,
  selectionOptions,
  typedFilter,
} from "../selection.ts";
import { traced } from "../traced-command.ts";
import { withApp } from "../with-app.ts";
import { planConnectors, planSchema } from "./plan.ts";

/** Milliseconds. */
const flushMs = 10_000;

const syncAnswer = z.union([
  z.strictObject({ runs: z.array(runSchema), failures: failuresSchema }),
  planSchema,
]);

export const syncCommand: CommandSpec = {
  name: "sync",
  summary: "Carry new and changed memories into LightRAG and wait for the proof",
  details:
    "Ends when LightRAG's own records say `processed` for every memory. Without --connector-id it takes the only enabled connector. " +
    "It may be stopped at any time, and goes on where it stopped when it is started again.",
  options: [
    configOption(),
    ...selectionOptions(),
    ...runWishOptions(),
    noWaitOption(),
    new Option("--dry-run", "print what would be sent, and send nothing (the same as `plan`)"),
    ...configlessOptions(),
  ],
  examples: [
    "sync --connector-id personal-memories",
    "sync --all --json",
    "sync --ids m-123 --force",
    "sync --api-url http://127.0.0.1:8080 --api-key KEY --context-id CTX123 --lightrag-url http://127.0.0.1:9621",
  ],
  json: syncAnswer,
  run: sync,
};

export const resyncCommand: CommandSpec = {
  name: "resync",
  summary: "Bring documents that stand in an older form into the present one",
  details:
    "An upgrade sends nothing again: a document keeps the form that it has until its memory changes. This reads the whole source and sends what " +
    "this version would write otherwise, as much as the day's budget allows; the rest waits in the ledger, and later runs send it. No brake holds " +
    "it, because it is asked for. Besides, it does what `sync` does.",
  options: [
    configOption(),
    ...selectionOptions(),
    outdatedOption().makeOptionMandatory(),
    ...filterOptions(),
    noWaitOption(),
    new Option("--dry-run", "print what would be sent, and send nothing (the same as `plan --outdated`)"),
  ],
  examples: ["resync --outdated --dry-run", "resync --outdated --connector-id personal-memories"],
  json: syncAnswer,
  run: sync,
};

function noWaitOption(): Option {
  return new Option("--no-wait", "end when LightRAG has accepted everything, without waiting for the proof");
}

function sync(input: CommandInput, context: CommandContext): Promise<CommandResult> {
  return withApp(input, context, { readOnly: input.options.dryRun === true }, async (app) => {
    if (input.options.dryRun === true) return planConnectors(app, input, context);
    const { results: runs, ...rest } = await traced(app, context, () =>
      telling(app, context, () => syncConnectors(app, input, context)),
    );
    await removeOld(app, runs, context);
    return {
      json: { runs: runs.map(runJson), failures: rest.failures },
      text: runs.map(runJson).map(renderReport).join("\n\n"),
      exitCode: rest.exitCodeWith(exitCodeOfRuns(runs.map((run) => run.outcome))),
    };
  });
}

/** A failing cron job alerts, too. Waits a while until messages are sent; the rest is sent by the next start. */
async function telling<Result>(
  app: App,
  { io }: CommandContext,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!hasReceivers(app.config.notifications)) return work();
  const { Notifications } = await import("../../runtime/service/notifications.ts");
  const notifications = await Notifications.start(app, systemClock);
  try {
    return await work();
  } finally {
    const left = await notifications.flush(io.signal.aborted ? 1000 : flushMs);
    await notifications.close();
    if (left > 0) io.writeErr(`${plural(left, "message")} of alerts and webhooks could not be sent yet\n`);
  }
}

function syncConnectors(
  app: App,
  input: CommandInput,
  context: CommandContext,
): Promise<EachConnector<RunRecord>> {
  return forEachConnector(app, input, context, (connector) => {
    const view = new ProgressView(context.io, app.events, { silent: context.asJson || logsToConsole(app) });
    return app.run(connector, runOptions(input, connector), context.io.signal).finally(() => view.close());
  });
}

/** Where no service does it. The sync is already durable, so a failure here is only reported. */
async function removeOld(app: App, runs: readonly RunRecord[], { io }: CommandContext): Promise<void> {
  const { state, audit } = app;
  const settings = app.config.state.cleanup;
  if (!settings.enabled || io.signal.aborted) return;
  try {
    const connectorIds = [...new Set(runs.map(({ connectorId }) => connectorId))];
    await cleanUp({ settings, state, audit, connectorIds, clock: systemClock });
  } catch (thrown) {
    io.writeErr(`${printable(`old history could not be removed: ${toConnectorError(thrown).format()}`)}\n`);
  }
}

function runOptions(input: CommandInput, { timezone }: ConnectorConfig): RunOptions {
  return {
    runId: newRunId(Date.now()),
    trigger: "cli",
    force: input.options.force === true,
    outdated: input.options.outdated === true,
    acceptResends: input.options.acceptResend === true,
    acceptDeletions: input.options.acceptDeletions === true,
    wait: input.options.wait !== false,
    filter: memoryFilter(typedFilter(input), timezone),
  };
}
