import type { RunPhase } from "../events.ts";
import type { RunContext } from "../run-context.ts";

/** Tells how far the run is. */
export function reportProgress(run: RunContext, phase: RunPhase): void {
  const { counts } = run.report;
  run.events.emit("run:progress", {
    runId: run.options.runId,
    connectorId: run.settings.connectorId,
    phase,
    counts,
    done: counts.processed + counts.dead,
    total: run.report.expected,
  });
}
