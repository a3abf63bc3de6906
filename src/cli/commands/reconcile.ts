import { Option } from "commander";
import * as z from "zod";
import { type Drift, type DriftKind, driftKinds, isInStep } from "../../domain/drift-report.ts";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import type { driftReportSchema } from "../../operations/reconcile/drift-json.ts";
import { getReconciliation } from "../../operations/reconcile/get-reconciliation.ts";
import { reconcileConnector } from "../../operations/reconcile/reconcile-connector.ts";
import type { App } from "../../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { failuresSchema, forEachConnector } from "../each-connector.ts";
import { exitCodes } from "../exit-codes.ts";
import { contextOf } from "../operation-command.ts";
import { configOption } from "../options.ts";
import { ProgressView } from "../progress-view.ts";
import { renderReport, scopeText } from "../report-text.ts";
import { selectionOptions } from "../selection.ts";
import { traced } from "../traced-command.ts";
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
      isLook ? showLast(app, input, context) : traced(app, context, () => compare(app, input, context)),
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

const meanings: Readonly<Record<DriftKind, string>> = {
  missing: "delivered, and not in LightRAG",
  failed: "delivered, and failed in LightRAG",
  changed: "in LightRAG with another text",
  forgotten: "in LightRAG and not in the ledger",
  orphaned: "in LightRAG without a memory",
  unsent: "new or changed, and not delivered yet",
  vanished: "delivered, and no longer at the source",
};

/** A comparison of ledger, source and LightRAG for people. */
function renderDrift(report: z.output<typeof driftReportSchema>): string {
  const { documents, delivered, memories, truncated, repair } = report;
  const lines = [
    `${report.connectorId}: ${isInStep(report.drift) ? "in step" : "out of step"}`,
    `  ${plural(delivered, "delivered memory", "delivered memories")} · ${plural(documents, "document")} in LightRAG · ${plural(memories, "memory", "memories")} at the source`,
    ...differences(report.drift),
  ];
  if (report.outside > 0)
    lines.push(
      `  scope: ${scopeText(report.queryRange, report.outside)}, or ask for a span of time: \`memory-connector backfill --connector-id ${report.connectorId} --since 2000-01-01\``,
    );
  if (truncated !== null) lines.push(`  the source's list is not complete: ${printable(truncated)}`);
  if (repair === null) return lines.join("\n");
  if (repair.run !== null) lines.push(renderReport(repair.run).replaceAll(/^/gm, "  "));
  if (repair.removed > 0) lines.push(`  ${plural(repair.removed, "orphaned document")} removed`);
  if (repair.held !== null)
    lines.push(`  orphaned documents were left alone: ${repair.held} · if that is right: --accept-deletions`);
  const left = differences(repair.remaining);
  return [...lines, ...(isInStep(repair.remaining) ? ["  repaired"] : ["  still to be done:", ...left])].join(
    "\n",
  );
}

function differences(drift: Drift): string[] {
  return driftKinds
    .filter((kind) => drift[kind].count > 0)
    .map((kind) => {
      const { count, examples } = drift[kind];
      return `  ${String(count).padStart(6)} ${meanings[kind]}: ${printable(examples.join(", "))}${count > examples.length ? ", …" : ""}`;
    });
}
