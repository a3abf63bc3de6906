import type { Clock } from "../../kernel/util/clock.ts";
import { bellOf } from "./bell.ts";
import type { PostgresOptions } from "./open-postgres-state.ts";
import { toPostgresError } from "./postgres-error.ts";
import { numberOf } from "./sql-pool.ts";

/** What an operator should know of the server of a state. */
export interface ServerFacts {
  /** For people: `PostgreSQL 15.18`. */
  version: string;
  connections: { used: number; most: number };
  /** Whether the state's tables may be made, or changed where they are there. */
  isWritable: boolean;
  /** Whether the server keeps what it has called saved through a power cut. */
  isDurable: boolean;
  /** The table of the state that has the most rows that nobody sees any more and the server has not cleared away; null where those are few. */
  bloat: { table: string; dead: number; live: number } | null;
  /** Whether notifications come through, so that a process hears at once what others have done. */
  isNotified: boolean;
  /** How far this machine's clock is ahead of the server's. Milliseconds. */
  clockAheadMs: number;
}

const sql = `SELECT current_setting('server_version') AS version, current_setting('max_connections') AS most,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
    current_setting('synchronous_commit') <> 'off' AND current_setting('fsync') = 'on' AS is_durable,
    NOT pg_is_in_recovery() AND coalesce(
      (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = $1),
      has_database_privilege(current_database(), 'CREATE')) AS is_writable,
    extract(epoch FROM clock_timestamp()) * 1000 AS now`;

/** More dead rows than living ones, and enough of them to be felt: autovacuum begins at a fifth. */
const bloatSql = `SELECT relname AS table, n_dead_tup AS dead, n_live_tup AS live FROM pg_stat_user_tables
  WHERE schemaname = $1 AND n_dead_tup > 10000 AND n_dead_tup > n_live_tup ORDER BY n_dead_tup DESC LIMIT 1`;

/** Asks the server; changes nothing. Throws `STATE_READ_FAILED`. */
export async function readServerFacts({
  pool,
  schema,
  location,
  clock,
}: PostgresOptions): Promise<ServerFacts> {
  try {
    const connection = await pool.connect();
    try {
      const sent = clock.now();
      const { rows } = await connection.query(sql, [schema]);
      const answered = middle(sent, clock);
      const [bloated] = (await connection.query(bloatSql, [schema])).rows;
      const bloat = bloated === undefined ? null : bloatOf(bloated);
      return { ...factsOf(rows[0] ?? {}, answered), bloat, isNotified: await isNotified(pool, schema) };
    } finally {
      connection.release();
    }
  } catch (thrown) {
    throw toPostgresError(thrown, "read", location);
  } finally {
    await pool.end();
  }
}

async function isNotified(pool: PostgresOptions["pool"], schema: string): Promise<boolean> {
  const hung = await bellOf(pool, schema).listen(
    () => undefined,
    () => undefined,
  );
  await hung?.end();
  return hung !== null;
}

/** The server has looked at its clock somewhere between the question and the answer. */
function middle(sent: number, clock: Clock): number {
  return (sent + clock.now()) / 2;
}

function factsOf(found: Record<string, unknown>, here: number): Omit<ServerFacts, "bloat" | "isNotified"> {
  return {
    version: `PostgreSQL ${String(found.version).split(" ")[0]}`,
    connections: { used: numberOf(found.used), most: numberOf(found.most) },
    isWritable: found.is_writable === true,
    isDurable: found.is_durable === true,
    clockAheadMs: Math.round(here - numberOf(found.now)),
  };
}

function bloatOf({ table, dead, live }: Record<string, unknown>): ServerFacts["bloat"] {
  return { table: String(table), dead: numberOf(dead), live: numberOf(live) };
}
