import { Option } from "commander";
import * as z from "zod";
import { cliOrigin } from "../../access/audit/audit-origin.ts";
import { driftReportJson, driftReportSchema } from "../../operations/reconcile/drift-json.ts";
import type { App } from "../../runtime/app.ts";
import { type DriftReport, isInStep } from "../../sync/reconcile/drift-report.ts";
import { newRunId } from "../../sync/run-options.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { renderDrift } from "../drift-text.ts";
import { type EachConnector, failuresSchema, forEachConnector } from "../each-connector.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressView } from "../progress-view.ts";
import { selectionOptions } from "../selection.ts";
import { withApp } from "../with-app.ts";

export const reconcileCommand: CommandSpec = {
  name: "reconcile",
  summary: "Compare ledger, source and LightRAG as a whole, and repair what differs",
  details:
    "Reads all three to their ends, so it takes longer than a sync. Without --repair nothing is changed anywhere. With it, what LightRAG lost, failed " +
    "or holds with another text is delivered again, what the ledger has forgotten is adopted, and orphaned documents under names of the " +
    "connector's memories are removed. Documents of others are never touched. Ends with 3 while something still differs.",
  options: [
    configOption(),
    ...selectionOptions(),
    new Option("--repair", "repair what differs"),
    new Option("--accept-deletions", "believe the source, even if most documents look orphaned"),
  ],
  examples: ["reconcile --connector-id personal-memories", "reconcile --all --repair --json"],
  json: z.strictObject({ reports: z.array(driftReportSchema), failures: failuresSchema }),
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const { results: reports, ...rest } = await reconcileConnectors(app, input, context);
      const inStep = reports.every(({ drift, repair }) => isInStep(repair?.remaining ?? drift));
      return {
        json: { reports: reports.map(driftReportJson), failures: rest.failures },
        text: reports.map(renderDrift).join("\n\n"),
        exitCode: rest.exitCodeWith(inStep ? exitCodes.ok : exitCodes.partial),
      };
    }),
};

function reconcileConnectors(
  app: App,
  input: CommandInput,
  context: CommandContext,
): Promise<EachConnector<DriftReport>> {
  return forEachConnector(app, input, context, async (connector) => {
    const view = new ProgressView(context.io, app.events, { silent: context.asJson });
    const options = {
      repair: input.options.repair === true,
      acceptDeletions: input.options.acceptDeletions === true,
      runId: newRunId(Date.now()),
      trigger: "cli" as const,
    };
    const report = await app.reconcile(connector, options, context.io.signal).finally(() => view.close());
    await recordRepair(app, report);
    return report;
  });
}

async function recordRepair(app: App, { connectorId, drift, repair }: DriftReport): Promise<void> {
  if (repair === null) return;
  const { run, removed, remaining } = repair;
  const after = { runId: run?.runId ?? null, removed, remaining };
  await app.audit.record(cliOrigin(), {
    action: "ledger.reconcile",
    subject: connectorId,
    before: drift,
    after,
  });
}
