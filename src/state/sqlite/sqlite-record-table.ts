import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RecordCollection } from "../ownership.ts";
import type { StoredRecord } from "../state-content.ts";
import type { RecordPage, RecordTable } from "../state-tables.ts";

/** The statements of the small collections. Transactions are the caller's. */
export class SqliteRecordTable implements RecordTable {
  readonly #database: DatabaseSync;
  readonly #selectAll: StatementSync;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteThrough: StatementSync;
  readonly #pages: Record<"forward" | "reverse", StatementSync>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#selectAll = database.prepare("SELECT content FROM record WHERE collection = ? ORDER BY id");
    this.#select = database.prepare("SELECT content FROM record WHERE collection = ? AND id = ?");
    this.#upsert = database.prepare("INSERT OR REPLACE INTO record VALUES (?, ?, ?)");
    this.#delete = database.prepare("DELETE FROM record WHERE collection = ? AND id = ?");
    this.#deleteThrough = database.prepare("DELETE FROM record WHERE collection = ? AND id <= ?");
    const page = "SELECT id, content FROM record WHERE collection = ? AND id";
    this.#pages = {
      forward: database.prepare(`${page} > ? ORDER BY id LIMIT ?`),
      reverse: database.prepare(`${page} < ? ORDER BY id DESC LIMIT ?`),
    };
  }

  /** The records of all collections, by collection and id. */
  *all(): Generator<StoredRecord> {
    const sql = "SELECT collection, id, content FROM record ORDER BY collection, id";
    for (const stored of this.#database.prepare(sql).iterate()) {
      yield { collection: String(stored.collection), id: String(stored.id), content: contentOf(stored) };
    }
  }

  /** The records of one collection, by id. */
  *of(collection: RecordCollection): Generator<StoredRecord> {
    const sql = "SELECT id, content FROM record WHERE collection = ? ORDER BY id";
    for (const stored of this.#database.prepare(sql).iterate(collection)) {
      yield { collection, id: String(stored.id), content: contentOf(stored) };
    }
  }

  /** A record of another state. */
  load({ collection, id, content }: StoredRecord): void {
    this.#upsert.run(collection, id, JSON.stringify(content));
  }

  list(collection: RecordCollection): unknown[] {
    return this.#selectAll.all(collection).map(contentOf);
  }

  get(collection: RecordCollection, id: string): unknown {
    const stored = this.#select.get(collection, id);
    return stored === undefined ? undefined : contentOf(stored);
  }

  save(collection: RecordCollection, id: string, record: unknown): void {
    this.#upsert.run(collection, id, JSON.stringify(record));
  }

  remove(collection: RecordCollection, id: string): void {
    this.#delete.run(collection, id);
  }

  page(collection: RecordCollection, { after, limit, reverse }: RecordPage) {
    const found = reverse
      ? this.#pages.reverse.all(collection, after ?? behindEveryId, limit)
      : this.#pages.forward.all(collection, after ?? "", limit);
    return found.map((stored) => ({ id: String(stored.id), record: contentOf(stored) }));
  }

  removeThrough(collection: RecordCollection, id: string): void {
    this.#deleteThrough.run(collection, id);
  }
}

/** Ids are well-formed, so none has the last code point of all and more. */
const behindEveryId = "\u{10ffff}\u{10ffff}";

function contentOf(stored: Record<string, unknown>): unknown {
  return JSON.parse(String(stored.content));
}
