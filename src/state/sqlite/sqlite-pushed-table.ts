import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LedgerKey } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import type { PushedMemory } from "../../domain/pushed-memory.ts";
import type { LedgerScope } from "../state-manager.ts";
import type { PushedTable } from "../state-tables.ts";

interface StoredEntry {
  connector_id: string;
  context_id: string;
  memory_id: string;
  number: number;
  pushed_at: number;
  memory: string | null;
}

/** The statements of what programs have sent. Transactions are the caller's. */
export class SqlitePushedTable implements PushedTable {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #page: StatementSync;
  readonly #newest: StatementSync;
  readonly #deleteSome: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const byKey = "connector_id = ? AND context_id = ? AND memory_id = ?";
    this.#select = database.prepare(`SELECT * FROM pushed WHERE ${byKey}`);
    this.#upsert = database.prepare(
      `INSERT INTO pushed (connector_id, context_id, memory_id, number, pushed_at, memory) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (connector_id, context_id, memory_id)
       DO UPDATE SET number = excluded.number, pushed_at = excluded.pushed_at, memory = excluded.memory`,
    );
    this.#page = database.prepare(
      "SELECT * FROM pushed WHERE connector_id = ? AND number > ? AND context_id = ? ORDER BY number LIMIT ?",
    );
    this.#newest = database.prepare(
      "SELECT coalesce(max(number), 0) AS newest FROM pushed WHERE connector_id = ?",
    );
    const some = "SELECT id FROM pushed WHERE connector_id = ? LIMIT ?";
    this.#deleteSome = database.prepare(`DELETE FROM pushed WHERE id IN (${some})`);
  }

  get(key: LedgerKey): PushedMemory | undefined {
    const stored = this.#select.get(key.connectorId, key.contextId, key.memoryId);
    return stored === undefined ? undefined : entryOf(stored);
  }

  save({ connectorId, contextId, memoryId, number, pushedAt, memory }: PushedMemory): void {
    const text = memory === null ? null : JSON.stringify(memory);
    this.#upsert.run(connectorId, contextId, memoryId, number, pushedAt, text);
  }

  page({ connectorId, contextId }: LedgerScope, after: number, limit: number): PushedMemory[] {
    return this.#page.all(connectorId, after, contextId, limit).map(entryOf);
  }

  newest(connectorId: string): number {
    return Number(this.#newest.get(connectorId)?.newest);
  }

  removeSome(connectorId: string, limit: number): number {
    return Number(this.#deleteSome.run(connectorId, limit).changes);
  }

  /** All of them, by connector, context and memory. */
  *all(): Generator<PushedMemory> {
    const sql = "SELECT * FROM pushed ORDER BY connector_id, context_id, memory_id";
    for (const stored of this.#database.prepare(sql).iterate()) yield entryOf(stored);
  }
}

function entryOf(row: Record<string, unknown>): PushedMemory {
  const stored = row as unknown as StoredEntry;
  return {
    connectorId: stored.connector_id,
    contextId: stored.context_id,
    memoryId: stored.memory_id,
    number: stored.number,
    pushedAt: stored.pushed_at,
    memory: stored.memory === null ? null : (JSON.parse(stored.memory) as Memory),
  };
}
