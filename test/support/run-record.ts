import { noCounts, type RunCounts, type RunRecord } from "../../src/domain/run-record.ts";

/** A successful run of a second that found nothing, but for what is given. */
export function runRecord({
  counts = {},
  ...given
}: Partial<Omit<RunRecord, "counts">> & { counts?: Partial<RunCounts> } = {}): RunRecord {
  const startedAt = given.startedAt ?? Date.UTC(2026, 0, 1);
  return {
    runId: "run-1",
    connectorId: "personal",
    trigger: "schedule",
    startedAt,
    endedAt: startedAt + 1000,
    outcome: "success",
    phases: { connect: 10, reconcile: 20, discover: 300, deliver: 670 },
    errors: [],
    truncated: null,
    ...given,
    counts: { ...noCounts, ...counts },
  };
}
