import { requireWellFormed } from "./row-rules.ts";
import type { HistoryStore } from "./state-manager.ts";
import type { StateTables, TableAccess } from "./state-tables.ts";

/** Sync states and run history of the embedded backends. */
export function embeddedHistory({
  table: { syncStates, runs },
  read,
  change,
}: TableAccess<Pick<StateTables, "syncStates" | "runs">>): HistoryStore {
  return {
    getSyncState: (scope) => read(() => syncStates.get(scope)),
    saveSyncState: async (state) => {
      requireWellFormed(state.connectorId, state.contextId);
      const copy = structuredClone(state);
      await change(() => syncStates.save(copy));
    },
    saveRun: async (run) => {
      requireWellFormed(run.runId, run.connectorId);
      const copy = structuredClone(run);
      await change(() => runs.save(copy));
    },
    getRun: (runId) => read(() => runs.get(runId)),
    listRuns: (query) => read(() => runs.list(query)),
    pruneRuns: (before) => change(() => runs.pruneEndedBefore(before)),
  };
}
