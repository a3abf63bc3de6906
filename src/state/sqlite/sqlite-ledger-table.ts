import type { DatabaseSync } from "node:sqlite";
import type { LedgerKey, LedgerRow, LedgerStatus, WaitingReason } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { foldText } from "../../kernel/util/text.ts";
import { keptText, noRows, versionConflict } from "../row-rules.ts";
import type {
  LedgerScope,
  PageRequest,
  RowPage,
  RowQuery,
  StatusCounts,
  WaitingMemories,
} from "../state-manager.ts";
import type { LedgerTable } from "../state-tables.ts";
import { type Prepare, pageRows, preparedStatements } from "./ledger-pages.ts";
import { unfinished, waiting } from "./migrations.ts";
import {
  columns,
  describingColumns,
  describingValuesOf,
  movingColumns,
  movingValuesOf,
  rowOf,
  type StoredRow,
  selectRow,
  valuesOf,
} from "./stored-row.ts";

const byKey = "connector_id = ? AND context_id = ? AND memory_id = ?";
const insertSql = `INSERT INTO ledger (${columns.join(", ")}, connector_id, context_id, memory_id, version)
  VALUES (${columns.map(() => "?").join(", ")}, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`;
const setTo = (names: readonly string[]) => names.map((column) => `${column} = ?`).join(", ");
const updateSql = `UPDATE ledger SET ${setTo(columns)}, version = version + 1
  WHERE ${byKey} AND version = ? RETURNING id`;
/**
 * For a row that is described as before. What says what the memory is stands in most indexes and in every facet, which SQLite writes anew whatever
 * the values are. Facets follow from the description, but for those of a row that is or becomes deleted.
 */
const moveSql = `UPDATE ledger SET ${setTo(movingColumns)}, version = version + 1
  WHERE ${byKey} AND version = ? AND status <> 'deleted' AND ${describingColumns.map((column) => `${column} IS ?`).join(" AND ")}
  RETURNING id`;

/** Rows per transaction, so that their total number affects neither memory nor other processes. */
const maxCutRows = 500;

/** The ledger's statements; transactions are the caller's. */
export class SqliteLedgerTable implements LedgerTable {
  readonly #prepare: Prepare;

  constructor(database: DatabaseSync) {
    this.#prepare = preparedStatements(database);
  }

  get(scope: LedgerScope, memoryId: string): LedgerRow | undefined {
    const stored = this.#prepare(`${selectRow} WHERE ${byKey}`).get(
      scope.connectorId,
      scope.contextId,
      memoryId,
    );
    return stored === undefined ? undefined : rowOf(stored as unknown as StoredRow);
  }

  group(scope: LedgerScope, groupKey: string): LedgerRow[] {
    // The plus keeps SQLite from the index in this order, which has every row of the context.
    const sql = `${selectRow} WHERE connector_id = ? AND context_id = ? AND group_key = ? ORDER BY +memory_id`;
    const stored = this.#prepare(sql).all(scope.connectorId, scope.contextId, groupKey);
    return (stored as unknown as StoredRow[]).map(rowOf);
  }

  isFinished(scope: LedgerScope, memoryId: string): boolean {
    const sql = `SELECT 1 FROM ledger WHERE ${byKey} AND NOT ${unfinished}`;
    return this.#prepare(sql).get(scope.connectorId, scope.contextId, memoryId) !== undefined;
  }

  save(row: LedgerRow): LedgerRow {
    const version = row.version + 1;
    if (row.version === 0) {
      this.load({ ...row, version });
    } else {
      const saved = this.#move(row) ?? this.#update(row);
      if (saved === undefined) throw versionConflict(row);
      this.#savePayload(Number(saved.id), row.payload);
      this.#saveText(Number(saved.id), row.text);
    }
    return { ...row, version };
  }

  /** Inserts a row with its version, of which there is nothing yet. Throws `STATE_CONFLICT` when its key exists. */
  load(row: LedgerRow): void {
    const saved = this.#insert(row);
    if (saved === undefined) throw versionConflict(row);
    if (row.payload !== null) this.#savePayload(Number(saved.id), row.payload);
    if (row.text !== null) this.#saveText(Number(saved.id), row.text);
  }

  /** All rows, by connector and key. */
  *all(): Generator<LedgerRow> {
    const sql = `${selectRow} ORDER BY connector_id, context_id, memory_id`;
    for (const stored of this.#prepare(sql).iterate()) yield rowOf(stored as unknown as StoredRow);
  }

  remove(key: LedgerKey): void {
    this.#prepare(`DELETE FROM ledger WHERE ${byKey}`).run(key.connectorId, key.contextId, key.memoryId);
  }

  removeSome(connectorId: string, limit: number): number {
    const some = "SELECT id FROM ledger WHERE connector_id = ? LIMIT ?";
    return Number(this.#prepare(`DELETE FROM ledger WHERE id IN (${some})`).run(connectorId, limit).changes);
  }

  counts(connectorId: string): StatusCounts {
    const counts = noRows();
    const stored = this.#prepare("SELECT status, rows FROM status_count WHERE connector_id = ?").all(
      connectorId,
    );
    for (const { status, rows } of stored as unknown as { status: LedgerStatus; rows: number }[]) {
      counts[status] = rows;
    }
    return counts;
  }

  oldestUnfinished(scope: LedgerScope, after = Number.MIN_SAFE_INTEGER): number | null {
    const sql = `SELECT min(memory_created_at) AS oldest FROM ledger
      WHERE connector_id = ? AND context_id = ? AND memory_created_at > ? AND ${unfinished}`;
    const found = this.#prepare(sql).get(scope.connectorId, scope.contextId, after) as {
      oldest: number | null;
    };
    return found.oldest;
  }

  waiting(scope: LedgerScope, after = Number.MIN_SAFE_INTEGER): WaitingMemories {
    const sql = `SELECT skip_reason AS reason, count(*) AS rows,
        min(CASE WHEN memory_created_at > ? THEN memory_created_at END) AS oldest FROM ledger
      WHERE connector_id = ? AND context_id = ? AND ${waiting} GROUP BY skip_reason`;
    const groups = this.#prepare(sql).all(after, scope.connectorId, scope.contextId) as unknown as {
      reason: WaitingReason;
      rows: number;
      oldest: number | null;
    }[];
    const rowsOf = (reason: WaitingReason) => groups.find((group) => group.reason === reason)?.rows ?? 0;
    const oldest = groups.flatMap((group) => group.oldest ?? []);
    return {
      transcripts: rowsOf("empty_transcript"),
      media: rowsOf("pending_media"),
      oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
    };
  }

  earliestAttempt(connectorId: string, statuses: readonly LedgerStatus[]): number | null {
    const sql = `SELECT min(next_attempt_at) AS earliest FROM ledger
      WHERE connector_id = ? AND status = ? AND next_attempt_at IS NOT NULL`;
    const found = statuses.map((status) => this.#prepare(sql).get(connectorId, status)?.earliest);
    const times = found.filter((time) => typeof time === "number");
    return times.length === 0 ? null : Math.min(...times);
  }

  page(query: RowQuery, page: PageRequest): RowPage {
    return pageRows(query, page, this.#prepare);
  }

  hasLongerTexts(most: number): boolean {
    return this.#longerTexts(most, 1).length > 0;
  }

  cutTexts(most: number): void {
    for (const { row_id: rowId, text } of this.#longerTexts(most, maxCutRows))
      this.#saveText(rowId, keptText(text, most));
  }

  #longerTexts(most: number, limit: number) {
    const sql = "SELECT row_id, text FROM kept_text WHERE length(text) > ? LIMIT ?";
    return this.#prepare(sql).all(most, limit) as unknown as { row_id: number; text: string }[];
  }

  #insert(row: LedgerRow) {
    const { connectorId, contextId, memoryId, version } = row;
    return this.#prepare(insertSql).get(...valuesOf(row), connectorId, contextId, memoryId, version);
  }

  #move(row: LedgerRow) {
    if (row.status === "deleted") return undefined;
    return this.#prepare(moveSql).get(
      ...movingValuesOf(row),
      row.connectorId,
      row.contextId,
      row.memoryId,
      row.version,
      ...describingValuesOf(row),
    );
  }

  #update(row: LedgerRow) {
    return this.#prepare(updateSql).get(
      ...valuesOf(row),
      row.connectorId,
      row.contextId,
      row.memoryId,
      row.version,
    );
  }

  #savePayload(rowId: number, payload: Memory | null): void {
    if (payload === null) {
      this.#prepare("DELETE FROM payload WHERE row_id = ?").run(rowId);
      return;
    }
    const sql = `INSERT INTO payload VALUES (?, ?)
      ON CONFLICT DO UPDATE SET memory = excluded.memory WHERE memory <> excluded.memory`;
    this.#prepare(sql).run(rowId, JSON.stringify(payload));
  }

  #saveText(rowId: number, text: string | null): void {
    if (text === null) {
      this.#prepare("DELETE FROM kept_text WHERE row_id = ?").run(rowId);
      return;
    }
    const sql = `INSERT INTO kept_text VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET text = excluded.text, folded = excluded.folded WHERE text <> excluded.text`;
    this.#prepare(sql).run(rowId, text, foldText(text));
  }
}
