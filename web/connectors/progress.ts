import type { SyncEvents } from "../../src/sync/events.ts";
import type { LiveEvent } from "../api/live.ts";
import type { Connector } from "./connector.ts";

type Progress = SyncEvents["run:progress"] & { perSecond: number | null; secondsLeft: number | null };

/** The connector as an event of its run says that it stands, until it is asked for again. */
export function advanced(connector: Connector, { data }: Pick<LiveEvent, "data">): Connector {
  const { runId, phase, done, total, perSecond, secondsLeft } = data as Progress;
  const { activeRun } = connector.status;
  if (activeRun?.runId !== runId || phase !== "deliver") return connector;
  const documentsPerMinute =
    perSecond === null ? activeRun.documentsPerMinute : Math.round(perSecond * 600) / 10;
  const moved = {
    ...activeRun,
    phase,
    done,
    left: Math.max(0, total - done),
    documentsPerMinute,
    secondsLeft,
  };
  return { ...connector, status: { ...connector.status, activeRun: moved } };
}
