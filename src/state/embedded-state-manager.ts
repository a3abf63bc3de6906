import type { Clock } from "../kernel/util/clock.ts";
import { isLocked } from "../kernel/util/process-lock.ts";
import type { ValueCache } from "../kernel/util/value-cache.ts";
import { ConnectorLocks } from "./connector-locks.ts";
import { EmbeddedAccess, type EmbeddedState } from "./embedded-access.ts";
import { forgetConnector } from "./embedded-forgetting.ts";
import { embeddedLedger, textsAreTruncated } from "./embedded-ledger.ts";
import { embeddedPushed } from "./embedded-pushed.ts";
import { embeddedRecords } from "./embedded-records.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { ScheduleStore } from "./schedule-state.ts";
import { locksFolder, setAside, stateLockPath } from "./state-files.ts";
import type { HistoryStore, MemoryIndex, StateManager } from "./state-manager.ts";
import type {
  MemoryIndexTable,
  ScheduleStateTable,
  StateTables,
  TableAccess,
  ValueTable,
} from "./state-tables.ts";

/** Options of an embedded backend for opening a state for writing. */
export interface BackendOptions {
  path: string;
  clock: Clock;
  /** Called for harmless failures, such as a failed backup. */
  onWarning(message: string): void;
}

/** The `StateManager` of the backends that work inside this process: their tables, made durable in groups. */
export function embeddedStateManager(state: EmbeddedState): StateManager {
  const { location, notices, tables, clock } = state;
  const access = new EmbeddedAccess(state);
  const over = <Table>(table: Table) => ({ table, read: access.read, change: access.change });
  const forgetting = { tables, change: access.change };
  return {
    location,
    notices,
    ...embeddedLedger(over(tables), () => clock.now()),
    ...embeddedMemoryIndex(over(tables.memories)),
    ...embeddedHistory(over(tables)),
    ...embeddedSchedules(over(tables.schedules)),
    ...embeddedRecords(over(tables)),
    pushed: embeddedPushed(over(tables), async (connectorId) => {
      await forgetConnector(forgetting, connectorId, "whole-removal");
    }),
    values: embeddedValues(over(tables.values), clock),
    resetConnector: (connectorId) => forgetConnector(forgetting, connectorId, "reset"),
    forgetConnector: async (connectorId) => {
      await forgetConnector(forgetting, connectorId, "removal");
    },
    condition: () => access.condition(),
    expunge: () => expunge(access, tables.values, location),
    foldLog: () => foldLog(access, clock),
    lockConnector: async (connectorId, runId) => {
      requireWellFormed(connectorId);
      return access.withWriter(({ locks }) => locks.take(connectorId, runId));
    },
    holderOf: async (connectorId) => locksOf(state).holderOf(connectorId),
    announceScheduler: () => access.withWriter(({ locks }) => void locks.takeSchedulerPlace()),
    schedulers: async () => locksOf(state).schedulers(),
    isInUse: async () =>
      state.writer !== null || isLocked(stateLockPath(location), state.writersShare ? "exclusive" : "shared"),
    close: () => access.close(),
  };
}

function locksOf({
  writer,
  location,
  clock,
}: EmbeddedState): Pick<ConnectorLocks, "holderOf" | "schedulers"> {
  return writer?.locks ?? new ConnectorLocks(locksFolder(location), clock);
}

/** Readers take a few milliseconds. */
const foldTries = 5;
const foldPauseMs = 20;

async function foldLog(access: EmbeddedAccess, clock: EmbeddedState["clock"]): Promise<void> {
  for (let tries = 1; tries <= foldTries; tries += 1) {
    // The next change reports any problem of the file; keeping the log loses nothing.
    const isDone = await access.withWriter((writer) => writer.foldLog()).catch(() => true);
    if (isDone || tries === foldTries) return;
    await clock.sleep(foldPauseMs);
  }
}

async function expunge(access: EmbeddedAccess, values: ValueTable, location: string): Promise<string[]> {
  await access.withWriter(async ({ commits, copies, rewrite }) => {
    await commits.idle();
    await rewrite();
    await copies.renew();
  });
  const wasCut = await access.read(() => values.get(textsAreTruncated) !== undefined);
  if (wasCut) await access.change(() => values.removeBeginning(textsAreTruncated));
  return setAside(location);
}

/** The schedule states of the embedded backends. */
function embeddedSchedules({ table, read, change }: TableAccess<ScheduleStateTable>): ScheduleStore {
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

/** The value cache of the embedded backends. */
function embeddedValues(access: TableAccess<ValueTable>, clock: Clock): ValueCache {
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

/** Sync states and run history of the embedded backends. */
function embeddedHistory({
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

/** The index of memories of the embedded backends. */
function embeddedMemoryIndex({
  table,
  read,
}: Pick<TableAccess<MemoryIndexTable>, "table" | "read">): MemoryIndex {
  return {
    searchMemories: (query, page) => read(() => table.search(query, page)),
    pageMemoryDocuments: (query, page) => read(() => table.documents(query, page)),
    countInSpan: (query, span) => read(() => table.countInSpan(query, span)),
    newestUnitBefore: (query, before) => read(() => table.newestUnitBefore(query, before)),
    topFacets: (query, ask) => read(() => table.topFacets(query, ask)),
    pageFacets: (connectorId, ask) => read(() => table.pageFacets(connectorId, ask)),
    countFacets: (connectorId, kind, keys) => read(() => table.countFacets(connectorId, kind, keys)),
  };
}
