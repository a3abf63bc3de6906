import { DatabaseSync } from "node:sqlite";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { sqliteErrorOf } from "../../kernel/util/sqlite-error.ts";
import type { StateBuilder, StateEntry, StateSnapshot } from "../state-content.ts";
import { migrate } from "./migrations.ts";
import { checkDatabase, openForReading } from "./sqlite-database.ts";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqlitePushedTable } from "./sqlite-pushed-table.ts";
import { SqliteRecordTable } from "./sqlite-record-table.ts";
import { SqliteRunTable } from "./sqlite-run-table.ts";
import { SqliteScheduleStateTable } from "./sqlite-schedule-state-table.ts";
import { SqliteSyncStateTable } from "./sqlite-sync-state-table.ts";
import { SqliteValueTable } from "./sqlite-value-table.ts";

/**
 * A snapshot of the state in one read transaction, isolated from concurrent writes. The write-ahead log cannot shrink meanwhile.
 * Throws `STATE_CORRUPT` for any damage, and the errors of `openForReading`.
 */
export async function openSqliteSnapshot(path: string): Promise<StateSnapshot> {
  const database = openForReading(path);
  try {
    // The content is not checked again later.
    checkDatabase(database, path);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  // The first read of a table fixes the snapshot.
  database.exec("BEGIN; SELECT 1 FROM ledger LIMIT 1");
  const tables = tablesOf(database);
  return {
    *entries() {
      for (const record of tables.ledger.all()) yield { section: "ledger", record };
      for (const record of tables.syncStates.all()) yield { section: "syncStates", record };
      for (const record of tables.runs.all()) yield { section: "runs", record };
      for (const record of tables.schedules.list()) yield { section: "schedules", record };
      for (const record of tables.records.all()) yield { section: "records", record };
      for (const record of tables.values.all()) yield { section: "values", record };
      for (const record of tables.pushed.all()) yield { section: "pushed", record };
    },
    close: () => database.close(),
  };
}

/**
 * Fills the empty file at `path`. Without journal and syncs: an unfinished file is discarded, and a finished one is synced as a whole.
 */
export function buildSqliteState(path: string): StateBuilder {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000");
  migrate(database, path);
  database.exec("BEGIN");
  const tables = tablesOf(database);
  return {
    add: (entry) => addTo(tables, entry),
    finish: async () => database.exec("COMMIT"),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** Checkpoints the log into the database file, so that the file is complete. Throws `STATE_LOCKED` while others read it. */
export function foldLog(path: string): void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = DELETE");
  } catch (thrown) {
    if (sqliteErrorOf(thrown) !== "busy") throw thrown;
    throw new ConnectorError("STATE_LOCKED", `${path} is being read by another process`, { subject: path });
  } finally {
    database.close();
  }
}

function tablesOf(database: DatabaseSync) {
  return {
    ledger: new SqliteLedgerTable(database),
    syncStates: new SqliteSyncStateTable(database),
    runs: new SqliteRunTable(database),
    schedules: new SqliteScheduleStateTable(database),
    records: new SqliteRecordTable(database),
    values: new SqliteValueTable(database),
    pushed: new SqlitePushedTable(database),
  };
}

function addTo(tables: ReturnType<typeof tablesOf>, { section, record }: StateEntry): void {
  if (section === "ledger") tables.ledger.load(record);
  else if (section === "syncStates") tables.syncStates.save(record);
  else if (section === "runs") tables.runs.save(record);
  else if (section === "schedules") tables.schedules.save(record);
  else if (section === "records") tables.records.load(record);
  else if (section === "pushed") tables.pushed.save(record);
  else tables.values.put(record.key, record.value, record.putAt);
}
