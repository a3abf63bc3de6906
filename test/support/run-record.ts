import type { RunCounts, RunRecord } from "../../src/domain/run-record.ts";

const noCounts: RunCounts = {
  fetched: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  skipped: 0,
  malformed: 0,
  missing: 0,
  vanished: 0,
  submitted: 0,
  adopted: 0,
  processed: 0,
  deleted: 0,
  failed: 0,
  dead: 0,
  unproved: 0,
  deadLetters: 0,
  waiting: 0,
};

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
