import type { RunRecord } from "../../domain/run-record.ts";
import type { StateManager } from "../../state/state-manager.ts";

/** Summary of a connector's run history. Times are milliseconds since the epoch. */
export interface RunHistory {
  /** The latest run that has ended. */
  last: RunRecord | null;
  failuresInARow: number;
  lastSyncAt: number | null;
  lastMovedAt: number | null;
  /** When the oldest run examined began. */
  oldestAt: number | null;
}

/** Usually the latest run suffices. */
const firstPage = 10;
const furtherPages = 200;
/** Beyond this number of failures the exact count no longer matters. */
const mostRuns = 2000;

/**
 * Reads the runs of a connector, latest first, back to the last completed one, and back to `since` for the last one that delivered
 * or removed a memory.
 */
export async function readRuns(
  state: Pick<StateManager, "listRuns">,
  connectorId: string,
  since: number,
): Promise<RunHistory> {
  const history: RunHistory = {
    last: null,
    failuresInARow: 0,
    lastSyncAt: null,
    lastMovedAt: null,
    oldestAt: null,
  };
  let seen = 0;
  for await (const run of newestFirst(state, connectorId)) {
    take(history, run);
    seen += 1;
    const knowsMoves = history.lastMovedAt !== null || run.startedAt < since;
    if ((history.lastSyncAt !== null && knowsMoves) || seen === mostRuns) break;
  }
  return history;
}

function take(history: RunHistory, run: RunRecord): void {
  history.oldestAt = run.startedAt;
  const { outcome, endedAt, counts } = run;
  if (outcome === "running" || endedAt === null) return;
  history.last ??= run;
  const isFailure = outcome === "failed" || outcome === "interrupted";
  if (isFailure && history.lastSyncAt === null) history.failuresInARow += 1;
  if (outcome === "success" || outcome === "partial") history.lastSyncAt ??= endedAt;
  if (counts.processed + counts.deleted > 0) history.lastMovedAt ??= endedAt;
}

async function* newestFirst(
  state: Pick<StateManager, "listRuns">,
  connectorId: string,
): AsyncGenerator<RunRecord> {
  let after: string | null = null;
  let limit = firstPage;
  do {
    const { runs, next }: Awaited<ReturnType<StateManager["listRuns"]>> = await state.listRuns({
      connectorId,
      limit,
      after,
    });
    yield* runs;
    after = next;
    limit = furtherPages;
  } while (after !== null);
}
