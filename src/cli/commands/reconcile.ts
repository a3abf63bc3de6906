import { Option } from "commander";
import * as z from "zod";
import { isInStep } from "../../domain/drift-report.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import { getReconciliation } from "../../operations/reconcile/get-reconciliation.ts";
import { reconcileConnector } from "../../operations/reconcile/reconcile-connector.ts";
import type { App } from "../../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { renderDrift } from "../drift-text.ts";
import { failuresSchema, forEachConnector } from "../each-connector.ts";
import { exitCodes } from "../exit-codes.ts";
import { contextOf } from "../operation-command.ts";
import { ProgressView } from "../progress-view.ts";
import { selectionOptions } from "../selection.ts";
import { withApp } from "../with-app.ts";

export const reconcileCommand: CommandSpec = {
  name: "reconcile",
  summary: "Compare ledger, source and LightRAG as a whole, and repair what differs",
  details:
    "Reads all three to their ends, so it takes longer than a sync. Without --repair nothing is changed anywhere. With it, what LightRAG lost, failed " +
    "or holds with another text is delivered again, what the ledger has forgotten is adopted, and orphaned documents under names of the " +
    "connector's memories are removed. Documents of others are never touched. Ends with 3 while something still differs. A running service " +
    "does the same at POST /connectors/{id}/reconcile; whoever did it last, --last shows what was found.",
  options: [
    configOption(),
    ...selectionOptions(),
    new Option("--repair", "repair what differs"),
    new Option("--accept-deletions", "believe the source, even if most documents look orphaned"),
    new Option("--last", "show what the last comparison has found, and compare nothing").conflicts([
      "repair",
      "acceptDeletions",
    ]),
  ],
  examples: [
    "reconcile --connector-id personal-memories",
    "reconcile --all --repair --json",
    "reconcile --connector-id personal-memories --last",
  ],
  json: z.union([
    z.strictObject({ reports: z.array(reconcileConnector.output), failures: failuresSchema }),
    z.strictObject({ reconciliations: z.array(getReconciliation.output), failures: failuresSchema }),
  ]),
  operations: [reconcileConnector, getReconciliation],
  run: (input, context) => {
    const isLook = input.options.last === true;
    return withApp(input, context, { readOnly: isLook }, (app) =>
      isLook ? showLast(app, input, context) : compare(app, input, context),
    );
  },
};

async function compare(app: App, input: CommandInput, context: CommandContext): Promise<CommandResult> {
  const { repair, acceptDeletions } = input.options as Record<string, boolean | undefined>;
  const given = { repair: repair === true, acceptDeletions: acceptDeletions === true };
  const { results: reports, ...rest } = await forEachConnector(app, input, context, ({ id: connectorId }) => {
    const view = new ProgressView(context.io, app.events, { silent: context.asJson });
    return reconcileConnector
      .run(contextOf(app, context), { connectorId, ...given })
      .finally(() => view.close());
  });
  const inStep = reports.every(({ drift, repair: done }) => isInStep(done?.remaining ?? drift));
  return {
    json: { reports, failures: rest.failures },
    text: reports.map(renderDrift).join("\n\n"),
    exitCode: rest.exitCodeWith(inStep ? exitCodes.ok : exitCodes.partial),
  };
}

async function showLast(app: App, input: CommandInput, context: CommandContext): Promise<CommandResult> {
  const { results, ...rest } = await forEachConnector(app, input, context, ({ id: connectorId }) =>
    getReconciliation.run(contextOf(app, context), { connectorId }),
  );
  const inStep = results.every(
    ({ report }) => report !== null && isInStep(report.repair?.remaining ?? report.drift),
  );
  return {
    json: { reconciliations: results, failures: rest.failures },
    text: results.map(lastText).join("\n\n"),
    exitCode: rest.exitCodeWith(inStep ? exitCodes.ok : exitCodes.partial),
  };
}

function lastText({ connectorId, latest, report }: z.output<typeof getReconciliation.output>): string {
  const found =
    report === null
      ? [`${connectorId}: never compared`]
      : [renderDrift(report), `  as of ${readableMoment(Date.parse(report.endedAt))}`];
  if (latest === null || latest.outcome === "success") return found.join("\n");
  const begun = `${latest.runId}, begun ${readableMoment(Date.parse(latest.startedAt))}`;
  const why =
    latest.error === null ? "" : `: ${latest.error.code}: ${latest.error.message} · ${latest.error.hint}`;
  return [...found, `  latest: ${latest.outcome} (${begun})${why}`].join("\n");
}
