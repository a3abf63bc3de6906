import type { DatabaseSync } from "node:sqlite";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqliteRecordTable } from "./sqlite-record-table.ts";
import { SqliteRunTable } from "./sqlite-run-table.ts";
import { SqliteScheduleStateTable } from "./sqlite-schedule-state-table.ts";
import { SqliteSyncStateTable } from "./sqlite-sync-state-table.ts";
import { SqliteValueTable } from "./sqlite-value-table.ts";

/** The tables of a state in a database that has the newest schema. */
export function sqliteTables(database: DatabaseSync) {
  return {
    ledger: new SqliteLedgerTable(database),
    syncStates: new SqliteSyncStateTable(database),
    runs: new SqliteRunTable(database),
    records: new SqliteRecordTable(database),
    values: new SqliteValueTable(database),
    schedules: new SqliteScheduleStateTable(database),
  };
}
