import type { BatchStore } from "../group-commit.ts";
import type { StateTables } from "../state-tables.ts";
import type { StateContent, StateTexts } from "./json-file.ts";
import { JsonLedgerTable } from "./json-ledger-table.ts";
import { JsonMemoryIndex } from "./json-memory-index.ts";
import { JsonPushedTable } from "./json-pushed-table.ts";
import { JsonRecordTable } from "./json-record-table.ts";
import { JsonRunTable } from "./json-run-table.ts";
import { JsonScheduleStateTable } from "./json-schedule-state-table.ts";
import { JsonSyncStateTable } from "./json-sync-state-table.ts";
import { UndoLog } from "./json-table.ts";
import { JsonValueTable } from "./json-value-table.ts";

/** The whole state in memory. A batch is durable when the file has been rewritten; until then it can be rolled back. */
export class JsonStore implements BatchStore, StateTables {
  readonly #log = new UndoLog();
  readonly ledger = new JsonLedgerTable(this.#log);
  readonly memories = new JsonMemoryIndex(this.ledger);
  readonly syncStates = new JsonSyncStateTable(this.#log);
  readonly runs = new JsonRunTable(this.#log);
  readonly schedules = new JsonScheduleStateTable(this.#log);
  readonly records = new JsonRecordTable(this.#log);
  readonly values = new JsonValueTable(this.#log);
  readonly pushed = new JsonPushedTable(this.#log);
  readonly #write: (texts: StateTexts) => Promise<void>;

  /** `write` replaces the file by these records and resolves when it is durable. */
  constructor(content: StateContent, write: (texts: StateTexts) => Promise<void>) {
    this.#write = write;
    for (const row of content.ledger) this.ledger.load(row);
    for (const state of content.syncStates) this.syncStates.save(state);
    for (const run of content.runs) this.runs.save(run);
    for (const state of content.schedules) this.schedules.save(state);
    for (const record of content.records) this.records.load(record);
    for (const value of content.values) this.values.load(value);
    for (const entry of content.pushed) this.pushed.save(entry);
    this.#log.forget();
  }

  async begin(): Promise<void> {
    this.#log.forget();
  }

  attempt<T>(work: () => T): T {
    const before = this.#log.length;
    try {
      return work();
    } catch (thrown) {
      this.#log.rollBackTo(before);
      throw thrown;
    }
  }

  async commit(): Promise<void> {
    if (this.#log.length === 0) return;
    try {
      const { ledger, syncStates, runs, schedules, records, values, pushed } = this;
      await this.#write({
        ledger: ledger.texts(),
        syncStates: syncStates.texts(),
        runs: runs.texts(),
        schedules: schedules.texts(),
        records: records.texts(),
        values: values.texts(),
        pushed: pushed.texts(),
      });
    } catch (thrown) {
      this.#log.rollBackTo(0);
      throw thrown;
    }
  }
}
