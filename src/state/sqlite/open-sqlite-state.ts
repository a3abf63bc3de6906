import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { PushedMemory } from "../../domain/pushed-memory.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { BackupRotation, copyPaths } from "../backup-rotation.ts";
import { ConnectorLocks } from "../connector-locks.ts";
import type { EmbeddedState } from "../embedded-access.ts";
import { type BackendOptions, embeddedStateManager } from "../embedded-state-manager.ts";
import { FilePlace } from "../file-place.ts";
import { GroupCommit } from "../group-commit.ts";
import { KeptErasures } from "../kept-erasures.ts";
import type { StateEntry, StoredRecord } from "../state-content.ts";
import { toStateError } from "../state-error.ts";
import { locksFolder } from "../state-files.ts";
import type { StateManager } from "../state-manager.ts";
import { DurableBatches } from "./durable-batches.ts";
import { keptCopies, markSuspect, openOrRecover } from "./open-database.ts";
import { foldLog, openForReading, smallBytes } from "./sqlite-database.ts";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqliteMemoryIndex } from "./sqlite-memory-index.ts";
import { SqlitePushedTable } from "./sqlite-pushed-table.ts";
import { SqliteRecordTable } from "./sqlite-record-table.ts";
import { SqliteRunTable } from "./sqlite-run-table.ts";
import { SqliteScheduleStateTable } from "./sqlite-schedule-state-table.ts";
import { SqliteSyncStateTable } from "./sqlite-sync-state-table.ts";
import { SqliteValueTable } from "./sqlite-value-table.ts";
import { writeCopy } from "./write-copy.ts";

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
      // Worker threads are loaded with the first copy: most commands need none. One takes 12 MB, too much for a small file at the end.
      write: async (target, atEnd) =>
        atEnd && statSync(path).size <= smallBytes
          ? writeCopy(path, target)
          : (await import("./copy-database.ts")).copyDatabase(path, target),
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
  const noteDamage = () => markSuspect(path);
  return embeddedStateManager({ location: path, tables, writersShare: true, noteDamage, ...parts });
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
    pushed: new SqlitePushedTable(database),
    schedules: new SqliteScheduleStateTable(database),
  };
}

/**
 * Replacing the database by an older one, or deleting it, does not undo erasures made since: those in its backups are kept. Costs
 * one read per backup when there is nothing to do.
 */
function keepCopiedErasures(database: DatabaseSync, copies: readonly string[], now: number): void {
  const records = new SqliteRecordTable(database);
  const copied = copies.flatMap(erasuresIn);
  if (
    copied.every(({ collection, id }) => collection !== "erasure" || records.get("erasure", id) !== undefined)
  )
    return;
  database.exec("BEGIN IMMEDIATE");
  try {
    keep(database, new KeptErasures(copied, now));
    database.exec("COMMIT");
  } catch (thrown) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw thrown;
  }
}

function keep(database: DatabaseSync, erasures: KeptErasures): void {
  const ledger = new SqliteLedgerTable(database);
  const records = new SqliteRecordTable(database);
  const pushed = new SqlitePushedTable(database);
  const changed: LedgerRow[] = [];
  const emptied: PushedMemory[] = [];
  const take = (entry: StateEntry | null, row?: LedgerRow | PushedMemory) => {
    if (entry?.section === "ledger" && entry.record !== row) changed.push(entry.record);
    else if (entry?.section === "pushed" && entry.record !== row) emptied.push(entry.record);
    else if (entry?.section === "records") records.load(entry.record);
  };
  for (const record of keptIn(records)) erasures.pass({ section: "records", record });
  for (const row of ledger.all()) take(erasures.pass({ section: "ledger", record: row }), row);
  for (const record of pushed.all()) take(erasures.pass({ section: "pushed", record }), record);
  for (const entry of erasures.rest()) take(entry);
  for (const row of changed) ledger.save(row);
  for (const entry of emptied) pushed.save(entry);
}

/** With the sources that they count by. */
function keptIn(records: SqliteRecordTable): StoredRecord[] {
  return [...records.of("erasure"), ...records.of("source")];
}

/** None for an unreadable backup. */
function erasuresIn(copy: string): StoredRecord[] {
  try {
    const database = new DatabaseSync(copy, { readOnly: true });
    try {
      return keptIn(new SqliteRecordTable(database));
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
