import type { ActiveRun, Run } from "../../connectors/connector.ts";

/** How fast a run was, and how long it took. */
export interface Pace {
  runId: string;
  startedAt: string;
  isRunning: boolean;
  proved: number;
  /** Memories that it has proved a minute while it delivered; null where it has delivered none, or tells it not yet. */
  perMinute: number | null;
  durationMs: number;
}

/** Of the last runs and the one under way, oldest first. */
export function pacesOf(runs: readonly Run[], active: ActiveRun | null, now: number): Pace[] {
  return runs.map((run) => paceOf(run, active?.runId === run.runId ? active : null, now)).toReversed();
}

function paceOf(run: Run, active: ActiveRun | null, now: number): Pace {
  const { runId, startedAt, endedAt, counts, phasesMs } = run;
  const isRunning = active !== null;
  const { processed } = counts;
  const proved = isRunning ? (active.done ?? processed) : processed;
  const ofRecord = processed > 0 && phasesMs.deliver > 0 ? (processed * 60_000) / phasesMs.deliver : null;
  const until = isRunning || endedAt === null ? now : Date.parse(endedAt);
  return {
    ...{ runId, startedAt, isRunning, proved },
    perMinute: isRunning ? active.documentsPerMinute : ofRecord,
    durationMs: Math.max(0, until - Date.parse(startedAt)),
  };
}
