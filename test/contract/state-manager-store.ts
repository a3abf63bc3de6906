import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import {
  capabilitiesOf,
  keepTexts,
  openState,
  type StateBackend,
  type StateOptions,
} from "../../src/state/open-state.ts";
import { openPool } from "../../src/state/postgres/open-pool.ts";
import type { SqlPool } from "../../src/state/postgres/sql-pool.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { schemaIn } from "../../src/state/state-place.ts";
import { openPgliteState, pglitePool, schemaOf } from "../support/pglite-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** A backend, or PostgreSQL in this process, which needs nothing installed. */
export type StoreName = StateBackend | "pglite";

/** One store, opened as often as a test likes. Whatever is open when the test ends is closed. */
export interface TestStore<Name extends StoreName = StateBackend> {
  backend: Name;
  path: string;
  open(options?: Partial<StateOptions>): Promise<StateManager>;
  /** Whether nothing was made where it is. */
  isUnwritten(): Promise<boolean>;
}

export function makeStore<Name extends StoreName>(backend: Name, path = newPlace(backend)): TestStore<Name> {
  return {
    backend,
    path,
    open: async (options = {}) => {
      const state = await (backend === "pglite"
        ? openPglite(path, options)
        : openState({ backend, path, ...options }));
      onTestFinished(() => state.close().catch(() => undefined));
      return state;
    },
    isUnwritten: async () => {
      if (capabilitiesOfStore(backend).file) return readdirSync(dirname(path)).length === 0;
      const pool = await (backend === "pglite" ? pglitePool() : openPool(path, null));
      return hasNoSchema(pool, backend === "pglite" ? schemaOf(path) : schemaIn(path));
    },
  };
}

async function hasNoSchema(pool: SqlPool, schema: string): Promise<boolean> {
  const connection = await pool.connect();
  try {
    const sql = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    return (await connection.query(sql, [schema])).rows.length === 0;
  } finally {
    connection.release();
    await pool.end();
  }
}

/** What the store can do. */
export function capabilitiesOfStore(name: StoreName) {
  return capabilitiesOf(name === "pglite" ? "postgres" : name);
}

async function openPglite(
  path: string,
  { keepText, ...options }: Partial<StateOptions>,
): Promise<StateManager> {
  const state = await openPgliteState(path, options);
  if (keepText !== undefined) await keepTexts(state, keepText);
  return state;
}

/** A file that is not there, or a schema of the test's server. */
function newPlace(backend: StoreName): string {
  const { TEST_POSTGRES_URL: server } = process.env;
  if (backend !== "postgres") return join(temporaryFolder(), "state");
  return `${server}?schema=test_${randomBytes(6).toString("hex")}`;
}
