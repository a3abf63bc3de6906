import type { Clock } from "../kernel/util/clock.ts";
import { isLocked } from "../kernel/util/process-lock.ts";
import { noBoard } from "./board.ts";
import { boardOverRecords } from "./board-over-records.ts";
import { ConnectorLocks } from "./connector-locks.ts";
import { EmbeddedAccess, type EmbeddedState } from "./embedded-access.ts";
import { embeddedLedger } from "./embedded-ledger.ts";
import { requireWellFormed, textsAreTruncated } from "./row-rules.ts";
import { locksFolder, setAside, stateLockPath } from "./state-files.ts";
import type { MemoryIndex, StateManager } from "./state-manager.ts";
import type { MemoryIndexTable, TableAccess, ValueTable } from "./state-tables.ts";
import { storesOverTables } from "./stores-over-tables.ts";

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
  const board = () => boardOverRecords({ ...over(tables.records), clock, bell: null });
  const over = <Table>(table: Table) => ({ table, read: access.read, change: access.change });
  return {
    location,
    notices,
    ...embeddedLedger(over(tables), () => clock.now()),
    ...embeddedMemoryIndex(over(tables.memories)),
    ...storesOverTables({ tables, clock, ...access, changeAlone: access.change }),
    board: state.writersShare ? board() : noBoard,
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
    sharedRuns: null,
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
