import { hasNothingToTell } from "../domain/run-record.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { ValueCache } from "../kernel/util/value-cache.ts";
import { type ForgottenTables, forgetConnector } from "./forget-connector.ts";
import { pushedOverTables } from "./pushed-over-tables.ts";
import type { RecordStores } from "./record-stores.ts";
import { recordsOverTables } from "./records-over-tables.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { ScheduleStore } from "./schedule-state.ts";
import type { HistoryStore, StateManager } from "./state-manager.ts";
import type { ScheduleStateTable, StateTables, TableAccess, ValueTable } from "./state-tables.ts";

/** Runs removed in one transaction, so that no writer waits for the whole of a long history. */
const prunedAtOnce = 1_000;
/** The history of a connector becomes shorter by so many at most when one of its runs ends. */
const thinnedAtOnce = 10;

/** The tables of everything but the ledger, and how units of work get at them. */
export interface StoresAccess {
  tables: ForgottenTables & Pick<StateTables, "runs" | "values">;
  clock: Clock;
  read<T>(unit: () => T): Promise<T>;
  change<T>(unit: () => T): Promise<T>;
  /** A change that reads before it writes, while no other process changes anything. */
  changeAlone<T>(unit: () => T): Promise<T>;
}

type Stores = HistoryStore &
  ScheduleStore &
  RecordStores &
  Pick<StateManager, "pushed" | "values" | "resetConnector" | "forgetConnector">;

/** What a state has beside its ledger, for every backend: written once, as units of work over tables. */
export function storesOverTables({ tables, clock, read, change, changeAlone }: StoresAccess): Stores {
  const over = <Table>(table: Table) => ({ table, read, change });
  const alone = <Table>(table: Table) => ({ table, read, change: changeAlone });
  const forgetting = { tables, change: changeAlone };
  return {
    ...history(over(tables)),
    ...schedules(alone(tables.schedules)),
    ...recordsOverTables(alone(tables)),
    pushed: pushedOverTables(alone(tables), async (connectorId) => {
      await forgetConnector(forgetting, connectorId, "whole-removal");
    }),
    values: values(over(tables.values), clock),
    resetConnector: (connectorId) => forgetConnector(forgetting, connectorId, "reset"),
    forgetConnector: async (connectorId) => {
      await forgetConnector(forgetting, connectorId, "removal");
    },
  };
}

/** The schedule states. */
function schedules({ table, read, change }: TableAccess<ScheduleStateTable>): ScheduleStore {
  return {
    listSchedules: () => read(() => table.list()),
    schedulesVersion: () => read(() => table.version()),
    changeSchedules: async (changes) => {
      requireWellFormed(...changes.keys());
      return change(() =>
        Array.from(changes).flatMap(([connectorId, changeOf]) => {
          const changed = changeOf(table.get(connectorId));
          if (changed !== null) table.save(changed);
          return changed ?? [];
        }),
      );
    },
    removeSchedule: (connectorId) => change(() => table.remove(connectorId)),
  };
}

/** Bounds of the value cache: the oldest values are evicted, and computed again on demand. */
export const valueBounds = { entries: 100_000, ageMs: 365 * 86_400_000 };

/** The value cache. */
function values(access: TableAccess<ValueTable>, clock: Clock): ValueCache {
  const { table, read, change } = access;
  return {
    get: (key) => read(() => table.get(key)),
    removeBeginning: (prefix) => change(() => table.removeBeginning(prefix)),
    put: async (key, value) => {
      const copy = structuredClone(value);
      const now = clock.now();
      await change(() => {
        table.put(key, copy, now);
        table.forget({ before: now - valueBounds.ageMs, keep: valueBounds.entries });
      });
    },
  };
}

/** Sync states and run history. */
function history({
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
    pruneRuns: async (before) => {
      let removed = 0;
      for (;;) {
        const some = await change(() => runs.pruneEndedBefore(before, prunedAtOnce));
        removed += some;
        if (some < prunedAtOnce) return removed;
      }
    },
    thinRuns: async (connectorId, newer) => {
      const older = await read(() => runs.olderThan(connectorId, newer, thinnedAtOnce));
      const told = older.filter(hasNothingToTell);
      if (told.length === 0) return;
      await change(() => {
        for (const { runId } of told) runs.remove(runId);
      });
    },
  };
}
