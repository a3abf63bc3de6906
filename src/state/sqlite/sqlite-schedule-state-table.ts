import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ScheduleState } from "../schedule-state.ts";
import type { ScheduleStateTable } from "../state-tables.ts";

/** The statements of the schedule states. Transactions are the caller's. */
export class SqliteScheduleStateTable implements ScheduleStateTable {
  readonly #dataVersion: StatementSync;
  readonly #select: StatementSync;
  readonly #selectOne: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#dataVersion = database.prepare("PRAGMA data_version");
    this.#select = database.prepare("SELECT state FROM schedule ORDER BY connector_id");
    this.#selectOne = database.prepare("SELECT state FROM schedule WHERE connector_id = ?");
    this.#upsert = database.prepare("INSERT OR REPLACE INTO schedule (connector_id, state) VALUES (?, ?)");
    this.#delete = database.prepare("DELETE FROM schedule WHERE connector_id = ?");
  }

  list(): ScheduleState[] {
    return this.#select.all().map(({ state }) => JSON.parse(String(state)) as ScheduleState);
  }

  /** Changes after every write of another process to the database. */
  version(): number {
    return Number(this.#dataVersion.get()?.data_version);
  }

  get(connectorId: string): ScheduleState | null {
    const stored = this.#selectOne.get(connectorId);
    return stored === undefined ? null : (JSON.parse(String(stored.state)) as ScheduleState);
  }

  save(state: ScheduleState): void {
    this.#upsert.run(state.connectorId, JSON.stringify(state));
  }

  remove(connectorId: string): void {
    this.#delete.run(connectorId);
  }
}
