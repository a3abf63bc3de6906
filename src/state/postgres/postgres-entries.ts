import type { LedgerRow } from "../../domain/ledger-row.ts";
import { orderOf } from "../../domain/run-record.ts";
import type { SectionName, StateEntry, StateSections, StoredRecord, StoredValue } from "../state-content.ts";
import { numberOf, type SqlClient, type TableNames } from "./sql-pool.ts";
import { inputColumns, rowColumns, rowOf, valuesOf } from "./stored-row.ts";
import { keyOf, storedText, textOf } from "./stored-text.ts";

/** So many entries travel together. */
const step = 500;

type Stored = Record<string, unknown>;

/** How a section lies in its table: the columns of its key, and what of a stored row is the record, and of a record the stored row. */
interface Section<Name extends SectionName> {
  name: Name;
  table: keyof TableNames;
  keys: readonly string[];
  /** What is read. */
  columns: string;
  read(stored: Stored): StateSections[Name];
  /** Name and type of the columns that are written, in the order of `write`. */
  written: readonly (readonly [name: string, type: string])[];
  write(record: StateSections[Name]): unknown[];
}

const content = (stored: Stored) => JSON.parse(String(stored.content));
const columns = (names: string, type = "text") => names.split(" ").map((name) => [name, type] as const);

const ledger: Section<"ledger"> = {
  name: "ledger",
  table: "ledger",
  keys: ["connector_id", "context_id", "memory_id"],
  columns: rowColumns,
  read: rowOf,
  written: inputColumns.slice(0, -1),
  write: (row: LedgerRow) => valuesOf(row, false).slice(0, -1),
};

const syncStates: Section<"syncStates"> = {
  name: "syncStates",
  table: "sync_state",
  keys: ["connector_id", "context_id"],
  columns: "connector_id, context_id, content",
  read: content,
  written: columns("connector_id context_id content"),
  write: (state) => [keyOf(state.connectorId), keyOf(state.contextId), JSON.stringify(state)],
};

const runs: Section<"runs"> = {
  name: "runs",
  table: "run",
  keys: ["run_id"],
  columns: "run_id, content",
  read: content,
  written: [...columns("run_id connector_id content"), ...columns("started_at ended_at", "bigint")],
  write: (run) => [keyOf(run.runId), keyOf(run.connectorId), JSON.stringify(run), orderOf(run), run.endedAt],
};

const schedules: Section<"schedules"> = {
  name: "schedules",
  table: "schedule",
  keys: ["connector_id"],
  columns: "connector_id, content",
  read: content,
  written: columns("connector_id content"),
  write: (state) => [keyOf(state.connectorId), JSON.stringify(state)],
};

const records: Section<"records"> = {
  name: "records",
  table: "record",
  keys: ["collection", "key"],
  columns: "collection, key, id, content",
  read: (stored) => ({
    collection: textOf(String(stored.collection)),
    id: textOf(String(stored.id)),
    content: content(stored),
  }),
  written: columns("collection key id content"),
  write: ({ collection, id, content: record }: StoredRecord) => [
    storedText(collection),
    keyOf(id),
    storedText(id),
    JSON.stringify(record),
  ],
};

const values: Section<"values"> = {
  name: "values",
  table: "value",
  keys: ["key"],
  columns: "key, id, content, put_at",
  read: (stored) => ({
    key: textOf(String(stored.id)),
    putAt: numberOf(stored.put_at),
    value: content(stored),
  }),
  written: [...columns("key id content"), ...columns("put_at", "bigint")],
  write: ({ key, value, putAt }: StoredValue) => [keyOf(key), storedText(key), JSON.stringify(value), putAt],
};

const pushed: Section<"pushed"> = {
  name: "pushed",
  table: "pushed",
  keys: ["connector_id", "context_id", "memory_id"],
  columns: "connector_id, context_id, memory_id, content",
  read: content,
  written: [...columns("connector_id context_id memory_id content"), ...columns("number", "bigint")],
  write: (entry) => [
    keyOf(entry.connectorId),
    keyOf(entry.contextId),
    keyOf(entry.memoryId),
    JSON.stringify(entry),
    entry.number,
  ],
};

const sections = [ledger, syncStates, runs, schedules, records, values, pushed] as const;

/** All that a state holds, section by section and in the order of keys, one page in memory at a time. */
export async function* allEntries(client: SqlClient, tables: TableNames): AsyncGenerator<StateEntry> {
  for (const section of sections)
    for await (const stored of storedIn(client, tables, section))
      yield { section: section.name, record: section.read(stored) } as StateEntry;
}

async function* storedIn(
  client: SqlClient,
  tables: TableNames,
  { table, keys, columns: read }: Pick<Section<SectionName>, "table" | "keys" | "columns">,
): AsyncGenerator<Stored> {
  const order = keys.join(", ");
  const places = keys.map((_, at) => `$${at + 1}`).join(", ");
  for (let last: Stored | undefined; ; ) {
    const behind = last === undefined ? "" : `WHERE (${order}) > (${places})`;
    const sql = `SELECT ${read} FROM ${tables[table]} ${behind} ORDER BY ${order} LIMIT ${step}`;
    const { rows } = await client.query(sql, last === undefined ? [] : keys.map((key) => last?.[key]));
    yield* rows;
    last = rows.at(-1);
    if (rows.length < step) return;
  }
}

/** Fills empty tables, many rows in one message. */
export class EntryLoader {
  readonly #client: SqlClient;
  readonly #tables: TableNames;
  readonly #waiting = new Map<SectionName, unknown[][]>();

  constructor(client: SqlClient, tables: TableNames) {
    this.#client = client;
    this.#tables = tables;
  }

  async add(entry: StateEntry): Promise<void> {
    const section = sections.find(({ name }) => name === entry.section) as Section<SectionName> | undefined;
    if (section === undefined) return;
    const waiting = this.#waiting.get(section.name) ?? [];
    this.#waiting.set(section.name, waiting);
    waiting.push(section.write(entry.record));
    if (waiting.length >= step) await this.#send(section);
  }

  async finish(): Promise<void> {
    for (const section of sections) await this.#send(section as Section<SectionName>);
    // Until the server has looked at it by itself, it would take a full table for an empty one.
    await this.#client.query(`ANALYZE ${this.#tables.ledger}`);
  }

  async #send({ name, table, written }: Section<SectionName>): Promise<void> {
    const rows = this.#waiting.get(name) ?? [];
    if (rows.length === 0) return;
    this.#waiting.delete(name);
    const arrays = written.map(([, type], at) => `$${at + 1}::${type}[]`).join(", ");
    const names = written.map(([column]) => column).join(", ");
    const taken = written.map(([column]) => (column === "facets" ? "facets::jsonb" : column)).join(", ");
    await this.#client.query(
      `INSERT INTO ${this.#tables[table]} (${names}) SELECT ${taken} FROM unnest(${arrays}) AS each (${names})`,
      written.map((_, column) => rows.map((row) => row[column])),
    );
  }
}
