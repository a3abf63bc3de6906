import type { StripRun } from "../parts/strip.tsx";
import type { Run } from "./connector.ts";

/** The strip of runs that are newest first. */
export function stripRuns(
  runs: readonly Pick<Run, "runId" | "startedAt" | "outcome" | "counts">[],
): StripRun[] {
  return runs
    .map(({ runId, startedAt, outcome, counts }) => ({
      runId,
      startedAt,
      outcome,
      brought: counts.processed,
      dead: counts.dead,
      waited: counts.waiting > 0 || counts.failed > 0,
    }))
    .toReversed();
}
