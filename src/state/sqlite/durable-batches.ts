import type { FileHandle } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../kernel/util/clock.ts";
import { sqliteErrorOf } from "../../kernel/util/sqlite-error.ts";
import type { FilePlace } from "../file-place.ts";
import type { BatchStore } from "../group-commit.ts";
import { readTimeoutMs } from "./sqlite-database.ts";

/** Time limit for another process that is writing. */
const busyBudgetMs = 30_000;

/** Polling interval, with jitter so that two waiting processes do not poll in step. */
const busyPauseMs = () => 5 + Math.random() * 15;

/**
 * Batches as transactions, units of work as savepoints.
 *
 * The database runs with `synchronous = NORMAL`, in which a commit only writes to the write-ahead log; what `FULL` would add is a
 * sync of the log after each commit. That sync is done here instead, off the event loop, before a batch is reported durable
 * (docs/decisions/012). No SQLite lock lives on the log file, so a descriptor of our own is safe.
 */
export class DurableBatches implements BatchStore {
  readonly #database: DatabaseSync;
  readonly #log: FileHandle;
  readonly #clock: Clock;
  readonly #place: FilePlace;
  /** After a failed sync the content of the disk is unknown; the state must be reopened. */
  #unusable: unknown = null;
  /** On some errors, such as a full disk, SQLite rolls back the whole transaction itself. */
  #rolledBackBy: unknown = null;

  constructor(database: DatabaseSync, log: FileHandle, clock: Clock, place: FilePlace) {
    this.#database = database;
    this.#log = log;
    this.#clock = clock;
    this.#place = place;
  }

  async begin(): Promise<void> {
    if (this.#unusable !== null) throw this.#unusable;
    this.#place.require();
    const deadline = this.#clock.monotonic() + busyBudgetMs;
    this.#rolledBackBy = null;
    while (!this.#tryBegin(deadline)) await this.#clock.sleep(busyPauseMs());
  }

  attempt<T>(work: () => T): T {
    if (this.#rolledBackBy !== null) throw this.#rolledBackBy;
    this.#database.exec("SAVEPOINT unit");
    try {
      const result = work();
      this.#database.exec("RELEASE unit");
      return result;
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK TO unit; RELEASE unit");
      else this.#rolledBackBy = thrown;
      throw thrown;
    }
  }

  async commit(): Promise<void> {
    if (this.#rolledBackBy !== null) throw this.#rolledBackBy;
    try {
      this.#database.exec("COMMIT");
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw thrown;
    }
    try {
      await this.#log.datasync();
    } catch (thrown) {
      this.#unusable = thrown;
      throw thrown;
    }
    // Data written to a file that was moved meanwhile is not durable.
    this.#place.require();
  }

  #tryBegin(deadline: number): boolean {
    try {
      // SQLite's own busy wait would block the event loop.
      this.#database.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
      return true;
    } catch (thrown) {
      if (sqliteErrorOf(thrown) === "busy" && this.#clock.monotonic() < deadline) return false;
      throw thrown;
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${readTimeoutMs}`);
    }
  }
}
