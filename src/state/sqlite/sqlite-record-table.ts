import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredRecord } from "../state-content.ts";
import type { RecordCollection, RecordTable } from "../state-tables.ts";

/** The statements of the small collections. Transactions are the caller's. */
export class SqliteRecordTable implements RecordTable {
  private readonly database: DatabaseSync;
  private readonly selectAll: StatementSync;
  private readonly select: StatementSync;
  private readonly upsert: StatementSync;
  private readonly delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.selectAll = database.prepare("SELECT content FROM record WHERE collection = ? ORDER BY id");
    this.select = database.prepare("SELECT content FROM record WHERE collection = ? AND id = ?");
    this.upsert = database.prepare("INSERT OR REPLACE INTO record VALUES (?, ?, ?)");
    this.delete = database.prepare("DELETE FROM record WHERE collection = ? AND id = ?");
  }

  /** The records of all collections, by collection and id. */
  *all(): Generator<StoredRecord> {
    const sql = "SELECT collection, id, content FROM record ORDER BY collection, id";
    for (const stored of this.database.prepare(sql).iterate()) {
      yield { collection: String(stored.collection), id: String(stored.id), content: contentOf(stored) };
    }
  }

  /** A record of another state. */
  load({ collection, id, content }: StoredRecord): void {
    this.upsert.run(collection, id, JSON.stringify(content));
  }

  list(collection: RecordCollection): unknown[] {
    return this.selectAll.all(collection).map(contentOf);
  }

  get(collection: RecordCollection, id: string): unknown {
    const stored = this.select.get(collection, id);
    return stored === undefined ? undefined : contentOf(stored);
  }

  save(collection: RecordCollection, id: string, record: unknown): void {
    this.upsert.run(collection, id, JSON.stringify(record));
  }

  remove(collection: RecordCollection, id: string): void {
    this.delete.run(collection, id);
  }
}

function contentOf(stored: Record<string, unknown>): unknown {
  return JSON.parse(String(stored.content));
}
