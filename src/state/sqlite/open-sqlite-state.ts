import { open } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../kernel/util/clock.ts";
import type { BackendOptions } from "../backend-options.ts";
import { BackupRotation, copyPaths } from "../backup-rotation.ts";
import { ConnectorLocks } from "../connector-locks.ts";
import type { EmbeddedState } from "../embedded-access.ts";
import { embeddedStateManager } from "../embedded-state-manager.ts";
import { FilePlace } from "../file-place.ts";
import { GroupCommit } from "../group-commit.ts";
import { toStateError } from "../state-error.ts";
import { locksFolder } from "../state-files.ts";
import type { StateManager } from "../state-manager.ts";
import { keepCopiedErasures } from "./copied-erasures.ts";
import { DurableBatches } from "./durable-batches.ts";
import { keptCopies, markSuspect, openOrRecover } from "./open-database.ts";
import { foldLog, openForReading } from "./sqlite-database.ts";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqliteMemoryIndex } from "./sqlite-memory-index.ts";
import { SqliteRecordTable } from "./sqlite-record-table.ts";
import { SqliteRunTable } from "./sqlite-run-table.ts";
import { SqliteScheduleStateTable } from "./sqlite-schedule-state-table.ts";
import { SqliteSyncStateTable } from "./sqlite-sync-state-table.ts";
import { SqliteValueTable } from "./sqlite-value-table.ts";

/** Opens the state for reading and writing, in any number of processes. Recovers a damaged state from its backup. */
export async function openSqliteState(options: BackendOptions): Promise<StateManager> {
  const { path, clock } = options;
  try {
    const { database, presence, notices } = await openOrRecover(path, clock);
    const log = await open(`${path}-wal`, "r+").catch((thrown) => {
      database.close();
      presence.release();
      throw thrown;
    });
    keepCopiedErasures(database, copyPaths(path, keptCopies), clock.now());
    const release = async () => {
      await log.close();
      database.close();
      presence.release();
    };
    const place = new FilePlace(path, { isWrittenWhole: false });
    const commits = new GroupCommit(new DurableBatches(database, log, clock, place));
    const copies = await BackupRotation.of({
      ...options,
      keep: keptCopies,
      // Worker threads are loaded with the first copy: most commands need none.
      write: async (target) => (await import("./copy-database.ts")).copyDatabase(path, target),
    });
    const locks = new ConnectorLocks(locksFolder(path), clock);
    const rewrite = async () => (await import("./copy-database.ts")).rewriteDatabase(path);
    return manager(path, database, {
      notices,
      clock,
      writer: { commits, copies, locks, place, rewrite, foldLog: () => foldLog(database) },
      release,
    });
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
}

/** Opens the state for reading, concurrently with writers. A missing state is empty. */
export async function openSqliteStateForReading(path: string): Promise<StateManager> {
  try {
    const database = openForReading(path);
    return manager(path, database, {
      notices: [],
      clock: systemClock,
      writer: null,
      release: async () => database.close(),
    });
  } catch (thrown) {
    throw toStateError(thrown, "open", path);
  }
}

function manager(
  path: string,
  database: DatabaseSync,
  parts: Pick<EmbeddedState, "notices" | "clock" | "writer" | "release">,
): StateManager {
  const tables = sqliteTables(database);
  return embeddedStateManager({ location: path, tables, noteDamage: () => markSuspect(path), ...parts });
}

/** The tables of a state in a database that has the newest schema. */
export function sqliteTables(database: DatabaseSync) {
  return {
    ledger: new SqliteLedgerTable(database),
    memories: new SqliteMemoryIndex(database),
    syncStates: new SqliteSyncStateTable(database),
    runs: new SqliteRunTable(database),
    records: new SqliteRecordTable(database),
    values: new SqliteValueTable(database),
    schedules: new SqliteScheduleStateTable(database),
  };
}
