import type { ConnectorStatus, Run } from "./connector.ts";

const counts: Run["counts"] = {
  fetched: 12,
  new: 2,
  changed: 0,
  unchanged: 10,
  skipped: 0,
  malformed: 0,
  missing: 0,
  vanished: 0,
  submitted: 2,
  adopted: 0,
  processed: 2,
  deleted: 0,
  failed: 0,
  dead: 0,
  unproved: 0,
  deadLetters: 0,
  waiting: 0,
};

/** A run that brought two memories, for tests; what is given is put over it. */
export function run(change: Partial<Run> = {}): Run {
  return {
    runId: "run-1",
    connectorId: "nina",
    trigger: "schedule",
    startedAt: "2025-09-21T13:00:00.000Z",
    endedAt: "2025-09-21T13:00:48.000Z",
    outcome: "success",
    counts,
    phasesMs: { connect: 300, reconcile: 2_100, discover: 5_000, deliver: 40_000 },
    errors: [],
    truncated: null,
    scope: null,
    waitingForMedia: 0,
    notDelivered: [],
    progress: null,
    ...change,
  };
}

/** A connector that is up to date, for tests; what is given is put over it. */
export function connectorStatus(change: Partial<ConnectorStatus> = {}): ConnectorStatus {
  return {
    id: "nina",
    enabled: true,
    schedule: {
      schedule: "every 3600 s",
      nextRunAt: "2025-09-21T14:00:00.000Z",
      pausedAt: null,
      pauseNote: null,
      skipped: 0,
      openRunId: null,
      nextRuns: [],
    },
    nextRunAt: "2025-09-21T14:00:00.000Z",
    pausedAt: null,
    pauseNote: null,
    skipped: 0,
    openRunId: null,
    inFlight: 0,
    completeAsOf: "2025-09-21T13:00:00.000Z",
    oldestUnfinishedAt: null,
    overdueSince: null,
    isTruncated: false,
    activeRun: null,
    memories: { processed: 12 },
    budget: null,
    scope: {
      queryRange: "all",
      outside: null,
      nextFullLookAt: null,
      waiting: { transcripts: 0, media: 0 },
      erased: 0,
      deadMedia: 0,
    },
    backfill: null,
    lastRun: run(),
    contexts: [],
    ...change,
  };
}
