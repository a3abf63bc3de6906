/** What a statement answers. Whole numbers may come as text, so that none loses a digit. */
export interface SqlResult {
  rows: Record<string, unknown>[];
}

/** A connection, used by one unit of work at a time. Of a driver no more is asked than this. */
export interface SqlConnection {
  /** One statement with parameters. */
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
  /** Several statements without parameters, in one message; what each of them answers. */
  script(text: string): Promise<SqlResult[]>;
  /** Gives the connection back; a broken one is thrown away. */
  release(isBroken?: boolean): void;
}

/** The connections of this process to one database. */
export interface SqlPool {
  connect(): Promise<SqlConnection>;
  /**
   * A connection of its own that calls back with what is notified on the channel (a lower-case identifier), until the result is called; `lost` once when
   * the server or the way to it is gone.
   */
  listen(
    channel: string,
    notified: (payload: string) => void,
    lost: () => void,
  ): Promise<() => Promise<void>>;
  end(): Promise<void>;
}

/** A connection within its transaction: what the tables work with. */
export type SqlClient = Pick<SqlConnection, "query">;

/** The tables of a schema, as SQL names them. */
export type TableNames = Readonly<Record<(typeof tableNames)[number], string>>;

const tableNames = [
  "meta",
  "ledger",
  "status_count",
  "facet",
  "memory_facet",
  "sync_state",
  "run",
  "schedule",
  "record",
  "value",
  "pushed",
  "process",
  "lease",
] as const;

/** `schema` is an SQL identifier without quotes in it. */
export function tablesOf(schema: string): TableNames {
  return Object.fromEntries(tableNames.map((name) => [name, `"${schema}".${name}`])) as TableNames;
}

/** Whole numbers up to 2^53, whatever the driver makes of SQL's `bigint`; null stays. */
export function numberOf(value: unknown): number {
  return Number(value);
}

export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
