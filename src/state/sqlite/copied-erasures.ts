import { DatabaseSync } from "node:sqlite";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { KeptErasures } from "../kept-erasures.ts";
import type { StateEntry, StoredRecord } from "../state-content.ts";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqliteRecordTable } from "./sqlite-record-table.ts";

/**
 * Replacing the database by an older one, or deleting it, does not undo erasures made since: those in its backups are kept. Costs
 * one read per backup when there is nothing to do.
 */
export function keepCopiedErasures(database: DatabaseSync, copies: readonly string[], now: number): void {
  const records = new SqliteRecordTable(database);
  const lost = copies.flatMap(erasuresIn).filter(({ id }) => records.get("erasure", id) === undefined);
  if (lost.length === 0) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    keep(database, new KeptErasures(lost, now));
    database.exec("COMMIT");
  } catch (thrown) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw thrown;
  }
}

function keep(database: DatabaseSync, erasures: KeptErasures): void {
  const ledger = new SqliteLedgerTable(database);
  const records = new SqliteRecordTable(database);
  const changed: LedgerRow[] = [];
  const take = (entry: StateEntry | null, row?: LedgerRow) => {
    if (entry?.section === "ledger" && entry.record !== row) changed.push(entry.record);
    else if (entry?.section === "records") records.load(entry.record);
  };
  for (const record of records.of("erasure")) erasures.pass({ section: "records", record });
  for (const row of ledger.all()) take(erasures.pass({ section: "ledger", record: row }), row);
  for (const entry of erasures.rest()) take(entry);
  for (const row of changed) ledger.save(row);
}

/** None for an unreadable backup. */
function erasuresIn(copy: string): StoredRecord[] {
  try {
    const database = new DatabaseSync(copy, { readOnly: true });
    try {
      return [...new SqliteRecordTable(database).of("erasure")];
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
