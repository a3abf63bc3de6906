import type { SyncEvents } from "../../src/sync/events.ts";
import type { LiveEvent } from "../api/live.ts";
import type { ActiveRun, Standing } from "./connector.ts";

type Progress = SyncEvents["run:progress"] & { perSecond: number | null; secondsLeft: number | null };

/**
 * Where a connector stands as an event of its run says, until it is asked for again. What the run has settled since is not on its way any
 * more, so that the numbers beside its progress agree with it.
 */
export function advanced<Of extends Pick<Standing, "activeRun" | "memories" | "inFlight">>(
  standing: Of,
  event: Pick<LiveEvent, "data">,
): Of {
  const { activeRun } = standing;
  if (activeRun === null) return standing;
  const run = advancedRun(activeRun, event);
  const settled = activeRun.done === null || run.done === null ? 0 : run.done - activeRun.done;
  const memories = settledIn(standing.memories, settled);
  const left = (standing.memories.submitted ?? 0) - (memories.submitted ?? 0);
  return { ...standing, activeRun: run, memories, inFlight: Math.max(0, standing.inFlight - left) };
}

/** In the order in which memories come to be settled. Which of them became dead letters is known when the service is asked again. */
const unsettled = ["submitted", "submitting", "pending", "discovered"];

function settledIn(memories: Standing["memories"], settled: number): Standing["memories"] {
  const after: Record<string, number> = { ...memories };
  let rest = settled;
  for (const status of unsettled) {
    const moved = Math.min(Math.max(0, rest), after[status] ?? 0);
    if (moved === 0) continue;
    after[status] = (after[status] ?? 0) - moved;
    after.processed = (after.processed ?? 0) + moved;
    rest -= moved;
  }
  return after as Standing["memories"];
}

function advancedRun(activeRun: ActiveRun, { data }: Pick<LiveEvent, "data">): ActiveRun {
  const { runId, phase, done, total, perSecond, secondsLeft } = data as Progress;
  if (activeRun.runId !== runId || phase !== "deliver") return activeRun;
  const documentsPerMinute =
    perSecond === null ? activeRun.documentsPerMinute : Math.round(perSecond * 600) / 10;
  return { ...activeRun, phase, done, left: Math.max(0, total - done), documentsPerMinute, secondsLeft };
}
