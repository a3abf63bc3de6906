import type { Answer } from "../api/endpoint.ts";
import type { api } from "../api/endpoints.ts";

type AnswerOf<Name extends keyof typeof api> = Awaited<ReturnType<(typeof api)[Name]>>;

export type ListedConnector = AnswerOf<"listConnectors">["connectors"][number];
export type ConnectorStatus = AnswerOf<"connectorStatus">;
export type Run = AnswerOf<"getRun">;
export type ActiveRun = NonNullable<ConnectorStatus["activeRun"]>;
export type RunPlan = AnswerOf<"planRun">;
export type { Answer };

/** Where a connector stands: as the list of all tells it, and its status. */
export type Standing = Pick<
  ConnectorStatus,
  | "id"
  | "enabled"
  | "nextRunAt"
  | "pausedAt"
  | "pauseNote"
  | "overdueSince"
  | "inFlight"
  | "completeAsOf"
  | "oldestUnfinishedAt"
  | "activeRun"
  | "memories"
  | "budget"
> & {
  /** Its schedule as the service names it: `every 3600 s`; `scheduleText` has words. */
  schedule: string;
  deadMedia: number;
  lastRun: Pick<Run, "outcome" | "startedAt" | "endedAt" | "counts" | "errors"> | null;
};

export function standingOf({ schedule, scope, ...status }: ConnectorStatus): Standing {
  return { ...status, schedule: schedule.schedule, deadMedia: scope.deadMedia };
}

/** A connector on the page: where it stands and its latest runs, newest first. */
export interface Connector {
  id: string;
  status: ConnectorStatus;
  runs: readonly Run[];
}
