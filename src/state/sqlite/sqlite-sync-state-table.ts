import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LedgerScope, SyncState } from "../state-manager.ts";
import type { SyncStateTable } from "../state-tables.ts";

interface StoredSyncState {
  watermark: number | null;
  last_complete_listing_at: number | null;
  truncated: string | null;
  last_listing_count: number | null;
}

/** The statements of what connectors remember of contexts. Transactions are the caller's. */
export class SqliteSyncStateTable implements SyncStateTable {
  private readonly select: StatementSync;
  private readonly upsert: StatementSync;
  private readonly removeAll: StatementSync;

  constructor(database: DatabaseSync) {
    this.select = database.prepare("SELECT * FROM sync_state WHERE connector_id = ? AND context_id = ?");
    this.upsert = database.prepare("INSERT OR REPLACE INTO sync_state VALUES (?, ?, ?, ?, ?, ?)");
    this.removeAll = database.prepare("DELETE FROM sync_state WHERE connector_id = ?");
  }

  get({ connectorId, contextId }: LedgerScope): SyncState | null {
    const stored = this.select.get(connectorId, contextId) as StoredSyncState | undefined;
    if (stored === undefined) return null;
    return {
      connectorId,
      contextId,
      watermark: stored.watermark,
      lastCompleteListingAt: stored.last_complete_listing_at,
      truncated: stored.truncated,
      lastListingCount: stored.last_listing_count,
    };
  }

  save(state: SyncState): void {
    this.upsert.run(
      state.connectorId,
      state.contextId,
      state.watermark,
      state.lastCompleteListingAt,
      state.truncated,
      state.lastListingCount,
    );
  }

  removeConnector(connectorId: string): void {
    this.removeAll.run(connectorId);
  }
}
