import { createHash } from "node:crypto";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { openNothing } from "../../src/state/json/open-json-state.ts";
import type { StateOptions } from "../../src/state/open-state.ts";
import {
  openPostgresState,
  openPostgresStateForReading,
} from "../../src/state/postgres/open-postgres-state.ts";
import type { SqlConnection, SqlPool, SqlResult } from "../../src/state/postgres/sql-pool.ts";
import type { StateManager } from "../../src/state/state-manager.ts";

/** The one connection of PostgreSQL in this process; whoever uses it has it alone. */
class OneConnection {
  readonly #database: Database;
  #last: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  listen(channel: string, notified: (payload: string) => void): Promise<() => Promise<void>> {
    return this.#database.listen(channel, notified);
  }

  async take(): Promise<SqlConnection> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return {
      query: (text, values = []) => this.#database.query(text, [...values]),
      script: (text) => this.#database.exec(text),
      release: () => resolve(),
    };
  }
}

interface Database {
  query(text: string, values: unknown[]): Promise<SqlResult>;
  exec(text: string): Promise<SqlResult[]>;
  listen(channel: string, notified: (payload: string) => void): Promise<() => Promise<void>>;
}

/** Of all its types no more is needed than the two functions above; so nothing but a test that starts it asks for the package. */
const pglite = "@electric-sql/pglite";

let started: Promise<OneConnection> | null = null;

async function start(): Promise<OneConnection> {
  const { PGlite } = (await import(pglite)) as { PGlite: { create(): Promise<Database> } };
  return new OneConnection(await PGlite.create());
}

/** Connections to one server for all tests of a file; they are one, so that a unit of work waits for the one before it. */
export async function pglitePool(): Promise<SqlPool> {
  started ??= start();
  const connection = await started;
  return {
    connect: () => connection.take(),
    listen: (channel, notified) => connection.listen(channel, notified),
    end: async () => undefined,
  };
}

/** The schema of a path. */
export function schemaOf(path: string): string {
  return `test_${createHash("sha256").update(path).digest("hex").slice(0, 16)}`;
}

/** A state in a schema that belongs to this path. */
export async function openPgliteState(
  path: string,
  { readOnly = false, clock = systemClock }: Partial<StateOptions>,
): Promise<StateManager> {
  const options = { pool: await pglitePool(), schema: schemaOf(path), location: path, clock };
  if (!readOnly) return openPostgresState(options);
  const state = await openPostgresStateForReading(options);
  return state ?? openNothing(path);
}
