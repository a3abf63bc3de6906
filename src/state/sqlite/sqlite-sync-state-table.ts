import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LedgerScope, SyncState } from "../state-manager.ts";
import type { SyncStateTable } from "../state-tables.ts";

interface StoredSyncState {
  connector_id: string;
  context_id: string;
  watermark: number | null;
  last_complete_listing_at: number | null;
  truncated: string | null;
  last_listing_count: number | null;
  learnt: string | null;
}

/** The statements of the sync states. Transactions are the caller's. */
export class SqliteSyncStateTable implements SyncStateTable {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#select = database.prepare("SELECT * FROM sync_state WHERE connector_id = ? AND context_id = ?");
    this.#upsert = database.prepare("INSERT OR REPLACE INTO sync_state VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#removeAll = database.prepare("DELETE FROM sync_state WHERE connector_id = ?");
  }

  get({ connectorId, contextId }: LedgerScope): SyncState | null {
    const stored = this.#select.get(connectorId, contextId) as StoredSyncState | undefined;
    return stored === undefined ? null : syncStateOf(stored);
  }

  /** All of them, by connector and context. */
  *all(): Generator<SyncState> {
    const sql = "SELECT * FROM sync_state ORDER BY connector_id, context_id";
    for (const stored of this.#database.prepare(sql).iterate()) {
      yield syncStateOf(stored as unknown as StoredSyncState);
    }
  }

  save(state: SyncState): void {
    this.#upsert.run(
      state.connectorId,
      state.contextId,
      state.watermark,
      state.lastCompleteListingAt,
      state.truncated,
      state.lastListingCount,
      state.learnt === undefined ? null : JSON.stringify(state.learnt),
    );
  }

  removeConnector(connectorId: string): void {
    this.#removeAll.run(connectorId);
  }
}

function syncStateOf(stored: StoredSyncState): SyncState {
  return {
    connectorId: stored.connector_id,
    contextId: stored.context_id,
    watermark: stored.watermark,
    lastCompleteListingAt: stored.last_complete_listing_at,
    truncated: stored.truncated,
    lastListingCount: stored.last_listing_count,
    ...(stored.learnt === null ? {} : { learnt: JSON.parse(stored.learnt) }),
  };
}
