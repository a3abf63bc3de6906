import type { DatabaseSync, StatementSync } from "node:sqlite";
import { orderOf, type RunRecord } from "../../domain/run-record.ts";
import { runCursor } from "../cursor.ts";
import type { RunPage, RunQuery } from "../state-manager.ts";
import type { RunTable } from "../state-tables.ts";

/** The statements of the run history; `started_at` is a run's place in it (`orderOf`). Transactions are the caller's. */
export class SqliteRunTable implements RunTable {
  readonly #database: DatabaseSync;
  readonly #upsert: StatementSync;
  readonly #select: StatementSync;
  readonly #prune: StatementSync;
  readonly #older: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#upsert = database.prepare(`INSERT INTO run (run_id, connector_id, started_at, ended_at, record)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET connector_id = excluded.connector_id,
      started_at = excluded.started_at, ended_at = excluded.ended_at, record = excluded.record`);
    this.#select = database.prepare("SELECT record FROM run WHERE run_id = ?");
    this.#prune = database.prepare(
      "DELETE FROM run WHERE run_id IN (SELECT run_id FROM run WHERE ended_at < ? LIMIT ?)",
    );
    this.#older = database.prepare(
      "SELECT record FROM run WHERE connector_id = ? ORDER BY started_at DESC, run_id DESC LIMIT ? OFFSET ?",
    );
    this.#remove = database.prepare("DELETE FROM run WHERE run_id = ?");
  }

  save(run: RunRecord): void {
    this.#upsert.run(run.runId, run.connectorId, orderOf(run), run.endedAt, JSON.stringify(run));
  }

  get(runId: string): RunRecord | null {
    const stored = this.#select.get(runId);
    return stored === undefined ? null : runOf(stored);
  }

  /** All of them, by id. */
  *all(): Generator<RunRecord> {
    for (const stored of this.#database.prepare("SELECT record FROM run ORDER BY run_id").iterate()) {
      yield runOf(stored);
    }
  }

  list({ connectorId, limit, after }: RunQuery): RunPage {
    const position = runCursor.decode(after);
    const filters = [
      ...(connectorId === undefined ? [] : ["connector_id = ?"]),
      ...(position === undefined ? [] : ["(started_at, run_id) < (?, ?)"]),
    ];
    const where = filters.length === 0 ? "" : `WHERE ${filters.join(" AND ")}`;
    const sql = `SELECT record FROM run ${where} ORDER BY started_at DESC, run_id DESC LIMIT ?`;
    const parameters = [
      ...(connectorId === undefined ? [] : [connectorId]),
      ...(position === undefined ? [] : [position.startedAt, position.runId]),
      limit + 1,
    ];
    const found = this.#database
      .prepare(sql)
      .all(...parameters)
      .map(runOf);
    const runs = found.slice(0, limit);
    const last = found.length > limit ? runs.at(-1) : undefined;
    const next =
      last === undefined ? null : runCursor.encode({ runId: last.runId, startedAt: orderOf(last) });
    return { runs, next };
  }

  pruneEndedBefore(before: number, limit: number): number {
    return Number(this.#prune.run(before, limit).changes);
  }

  olderThan(connectorId: string, newer: number, limit: number): RunRecord[] {
    return this.#older.all(connectorId, limit, newer).map(runOf);
  }

  remove(runId: string): void {
    this.#remove.run(runId);
  }
}

function runOf(stored: Record<string, unknown>): RunRecord {
  return JSON.parse(String(stored.record)) as RunRecord;
}
