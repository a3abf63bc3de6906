import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { StoredValue } from "../state-content.ts";
import type { ValueTable } from "../state-tables.ts";

/** The statements of the value cache. Transactions are the caller's. */
export class SqliteValueTable implements ValueTable {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #deleteBeginning: StatementSync;
  readonly #deleteOld: StatementSync;
  readonly #deleteSurplus: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#select = database.prepare("SELECT content FROM value WHERE key = ?");
    this.#upsert = database.prepare("INSERT OR REPLACE INTO value VALUES (?, ?, ?)");
    const beginning = "key >= :prefix AND key < :prefix || char(0x10FFFF)";
    this.#deleteBeginning = database.prepare(`DELETE FROM value WHERE ${beginning} RETURNING content`);
    this.#deleteOld = database.prepare("DELETE FROM value WHERE put_at < ?");
    const surplus = "SELECT key FROM value ORDER BY put_at DESC LIMIT -1 OFFSET ?";
    this.#deleteSurplus = database.prepare(`DELETE FROM value WHERE key IN (${surplus})`);
  }

  get(key: string): CacheValue | undefined {
    const stored = this.#select.get(key);
    return stored === undefined ? undefined : (JSON.parse(String(stored.content)) as CacheValue);
  }

  /** All of them, by key. */
  *all(): Generator<StoredValue> {
    const sql = "SELECT key, content, put_at FROM value ORDER BY key";
    for (const stored of this.#database.prepare(sql).iterate()) {
      const value = JSON.parse(String(stored.content)) as CacheValue;
      yield { key: String(stored.key), putAt: Number(stored.put_at), value };
    }
  }

  put(key: string, value: CacheValue, at: number): void {
    this.#upsert.run(key, JSON.stringify(value), at);
  }

  removeBeginning(prefix: string): CacheValue[] {
    const removed = this.#deleteBeginning.all({ prefix });
    return removed.map(({ content }) => JSON.parse(String(content)) as CacheValue);
  }

  forget({ before, keep }: { before: number; keep: number }): void {
    this.#deleteOld.run(before);
    this.#deleteSurplus.run(keep);
  }
}
