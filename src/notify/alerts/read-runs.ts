import type { RunRecord } from "../../domain/run-record.ts";
import type { StateManager } from "../../state/state-manager.ts";

/** What the history of a connector says. Times are milliseconds since the epoch. */
export interface RunHistory {
  /** The newest run that has ended. */
  last: RunRecord | null;
  failuresInARow: number;
  lastSyncAt: number | null;
  lastMovedAt: number | null;
  /** When the oldest run that was looked at began. */
  oldestAt: number | null;
}

/** Usually the newest run says it all. */
const firstPage = 10;
const furtherPages = 200;
/** A connector that failed more often than this has no need of a better count. */
const mostRuns = 2000;

/**
 * Looks back over the runs of a connector as far as there is something to learn: to the last one that came to its end, and for the
 * last one that moved a memory at least to `since`.
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
