import type { SyncEvents } from "../../src/sync/events.ts";
import type { LiveEvent } from "../api/live.ts";
import type { ActiveRun, Standing } from "./connector.ts";

type Progress = SyncEvents["run:progress"] & { perSecond: number | null; secondsLeft: number | null };

/** Where a connector stands as an event of its run says, until it is asked for again. */
export function advanced<Of extends Pick<Standing, "activeRun">>(
  standing: Of,
  event: Pick<LiveEvent, "data">,
): Of {
  const { activeRun } = standing;
  return activeRun === null ? standing : { ...standing, activeRun: advancedRun(activeRun, event) };
}

function advancedRun(activeRun: ActiveRun, { data }: Pick<LiveEvent, "data">): ActiveRun {
  const { runId, phase, done, total, perSecond, secondsLeft } = data as Progress;
  if (activeRun.runId !== runId || phase !== "deliver") return activeRun;
  const documentsPerMinute =
    perSecond === null ? activeRun.documentsPerMinute : Math.round(perSecond * 600) / 10;
  return { ...activeRun, phase, done, left: Math.max(0, total - done), documentsPerMinute, secondsLeft };
}
