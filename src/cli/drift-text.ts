import type * as z from "zod";
import { type Drift, type DriftKind, driftKinds, isInStep } from "../domain/drift-report.ts";
import { plural } from "../kernel/util/readable.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { driftReportSchema } from "../operations/reconcile/drift-json.ts";
import { renderReport } from "./report-text.ts";
import { scopeText } from "./scope-text.ts";

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
export function renderDrift(report: z.output<typeof driftReportSchema>): string {
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
