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
  const changed: LedgerRow[] = [];
  const take = (entry: StateEntry | null, row?: LedgerRow) => {
    if (entry?.section === "ledger" && entry.record !== row) changed.push(entry.record);
    else if (entry?.section === "records") records.load(entry.record);
  };
  for (const record of keptIn(records)) erasures.pass({ section: "records", record });
  for (const row of ledger.all()) take(erasures.pass({ section: "ledger", record: row }), row);
  for (const entry of erasures.rest()) take(entry);
  for (const row of changed) ledger.save(row);
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
