import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { Memory } from "../../memory/memory.ts";
import {
  type DeleteReason,
  type LedgerKey,
  type LedgerRow,
  type LedgerStatus,
  ledgerStatuses,
  type RowError,
} from "../ledger-row.ts";
import type { LedgerScope, StatusCounts } from "../state-manager.ts";
import { unfinished } from "./migrations.ts";

/** A row as SQL returns it; the STRICT table vouches for the types. */
export interface StoredRow {
  connector_id: string;
  context_id: string;
  memory_id: string;
  status: LedgerStatus;
  version: number;
  content_hash: string | null;
  file_source: string;
  document_id: string | null;
  track_id: string | null;
  attempts: number;
  next_attempt_at: number | null;
  error: string | null;
  skip_reason: string | null;
  delete_reason: DeleteReason | null;
  memory_created_at: number | null;
  first_seen_at: number;
  changed_at: number;
  latitude: number | null;
  longitude: number | null;
  memory: string | null;
}

/** Columns that a save may change, in the order of `valuesOf`. */
const columns = [
  "status",
  "content_hash",
  "file_source",
  "document_id",
  "track_id",
  "attempts",
  "next_attempt_at",
  "error",
  "skip_reason",
  "delete_reason",
  "memory_created_at",
  "first_seen_at",
  "changed_at",
  "latitude",
  "longitude",
] as const;

export const selectRow = "SELECT ledger.*, payload.memory FROM ledger LEFT JOIN payload ON row_id = ledger.id";

const byKey = "connector_id = ? AND context_id = ? AND memory_id = ?";

/** The ledger's statements. Synchronous; transactions are the caller's. */
export class LedgerTable {
  private readonly database: DatabaseSync;
  private readonly prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  get(scope: LedgerScope, memoryId: string): LedgerRow | undefined {
    const stored = this.prepare(`${selectRow} WHERE ${byKey}`).get(scope.connectorId, scope.contextId, memoryId);
    return stored === undefined ? undefined : rowOf(stored as unknown as StoredRow);
  }

  isFinished(scope: LedgerScope, memoryId: string): boolean {
    const sql = `SELECT 1 FROM ledger WHERE ${byKey} AND NOT ${unfinished}`;
    return this.prepare(sql).get(scope.connectorId, scope.contextId, memoryId) !== undefined;
  }

  /** The stored row, with its new version. Throws `STATE_CONFLICT`. */
  save(row: LedgerRow): LedgerRow {
    const saved = row.version === 0 ? this.insert(row) : this.update(row);
    if (saved === undefined) {
      const message = `memory "${row.memoryId}" was changed by someone else since it was read`;
      throw new ConnectorError("STATE_CONFLICT", message, { subject: row.memoryId });
    }
    this.savePayload(Number(saved.id), row.payload);
    return { ...row, version: row.version + 1 };
  }

  remove(key: LedgerKey): void {
    this.prepare(`DELETE FROM ledger WHERE ${byKey}`).run(key.connectorId, key.contextId, key.memoryId);
  }

  /** Removes up to `limit` rows of a connector; the number of rows removed. */
  removeSome(connectorId: string, limit: number): number {
    const some = "SELECT id FROM ledger WHERE connector_id = ? LIMIT ?";
    return Number(this.prepare(`DELETE FROM ledger WHERE id IN (${some})`).run(connectorId, limit).changes);
  }

  counts(connectorId: string): StatusCounts {
    const counts = Object.fromEntries(ledgerStatuses.map((status) => [status, 0])) as StatusCounts;
    const stored = this.prepare("SELECT status, rows FROM status_count WHERE connector_id = ?").all(connectorId);
    for (const { status, rows } of stored as unknown as { status: LedgerStatus; rows: number }[]) {
      counts[status] = rows;
    }
    return counts;
  }

  oldestUnfinished(scope: LedgerScope): number | null {
    const sql = `SELECT min(memory_created_at) AS oldest FROM ledger WHERE connector_id = ? AND context_id = ? AND ${unfinished}`;
    const found = this.prepare(sql).get(scope.connectorId, scope.contextId) as { oldest: number | null };
    return found.oldest;
  }

  earliestAttempt(connectorId: string, status: LedgerStatus): number | null {
    const sql =
      "SELECT min(next_attempt_at) AS earliest FROM ledger WHERE connector_id = ? AND status = ? AND next_attempt_at IS NOT NULL";
    const found = this.prepare(sql).get(connectorId, status) as { earliest: number | null };
    return found.earliest;
  }

  /** Prepares each text once. */
  prepare(sql: string): StatementSync {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }

  private insert(row: LedgerRow) {
    const places = columns.map(() => "?").join(", ");
    const sql = `INSERT INTO ledger (${columns.join(", ")}, connector_id, context_id, memory_id, version)
      VALUES (${places}, ?, ?, ?, 1) ON CONFLICT DO NOTHING RETURNING id`;
    return this.prepare(sql).get(...valuesOf(row), row.connectorId, row.contextId, row.memoryId);
  }

  private update(row: LedgerRow) {
    const changes = columns.map((column) => `${column} = ?`).join(", ");
    const sql = `UPDATE ledger SET ${changes}, version = version + 1 WHERE ${byKey} AND version = ? RETURNING id`;
    return this.prepare(sql).get(
      ...valuesOf(row),
      row.connectorId,
      row.contextId,
      row.memoryId,
      row.version,
    );
  }

  private savePayload(rowId: number, payload: Memory | null): void {
    if (payload === null) {
      this.prepare("DELETE FROM payload WHERE row_id = ?").run(rowId);
      return;
    }
    const sql = `INSERT INTO payload VALUES (?, ?)
      ON CONFLICT DO UPDATE SET memory = excluded.memory WHERE memory <> excluded.memory`;
    this.prepare(sql).run(rowId, JSON.stringify(payload));
  }
}

function valuesOf(row: LedgerRow): SQLInputValue[] {
  return [
    row.status,
    row.contentHash,
    row.fileSource,
    row.documentId,
    row.trackId,
    row.attempts,
    row.nextAttemptAt,
    row.error === null ? null : JSON.stringify(row.error),
    row.skipReason,
    row.deleteReason,
    row.memoryCreatedAt,
    row.firstSeenAt,
    row.changedAt,
    row.location?.lat ?? null,
    row.location?.lon ?? null,
  ];
}

export function rowOf(stored: StoredRow): LedgerRow {
  return {
    connectorId: stored.connector_id,
    contextId: stored.context_id,
    memoryId: stored.memory_id,
    status: stored.status,
    version: stored.version,
    contentHash: stored.content_hash,
    fileSource: stored.file_source,
    documentId: stored.document_id,
    trackId: stored.track_id,
    attempts: stored.attempts,
    nextAttemptAt: stored.next_attempt_at,
    error: stored.error === null ? null : (JSON.parse(stored.error) as RowError),
    skipReason: stored.skip_reason,
    deleteReason: stored.delete_reason,
    memoryCreatedAt: stored.memory_created_at,
    firstSeenAt: stored.first_seen_at,
    changedAt: stored.changed_at,
    location:
      stored.latitude === null || stored.longitude === null
        ? null
        : { lat: stored.latitude, lon: stored.longitude },
    payload: stored.memory === null ? null : (JSON.parse(stored.memory) as Memory),
  };
}
